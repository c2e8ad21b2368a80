import type { PackFile } from './manifest'
import type { PackStorage } from './storage'

/** So much is kept at a time: a broken download loses no more than this. */
export const PIECE_BYTES = 256 * 1024

/** A network that brings nothing for so long is as good as gone. */
export const PATIENCE_MS = 30_000

/** The bytes that came are not those that the list names. */
export class WrongContentError extends Error {}

/** The server answered, but not with the file. */
export class NotServedError extends Error {
  readonly status: number

  constructor(status: number) {
    super(`answered ${status}`)
    this.status = status
  }
}

/** The line is open and nothing comes. */
export class StalledError extends Error {}

interface Fetching {
  file: PackFile
  storage: PackStorage
  fetch: typeof fetch
  signal?: AbortSignal | undefined
  /** Milliseconds without a byte after which the download counts as broken. */
  patience: number
  /** More bytes of this file are on the phone for good. */
  came: (bytes: number) => void
}

const TYPES: Record<string, string> = {
  mp3: 'audio/mpeg',
  opus: 'audio/ogg',
  json: 'application/json',
  jpg: 'image/jpeg',
  png: 'image/png',
  webp: 'image/webp',
}

/**
 * Fetches one file from where an earlier try ended, checks it and keeps it. What came before a
 * break stays; what turns out to be wrong is thrown away whole.
 */
export async function fetchFile(wish: Fetching): Promise<void> {
  const { file, storage, came } = wish
  const pieces = await storage.pieces(file.sha256)
  let here = pieces.reduce((sum, piece) => sum + piece.byteLength, 0)
  if (here > file.bytes) {
    await storage.forgetPieces(file.sha256)
    pieces.length = here = 0
  }
  came(here)
  if (here < file.bytes || file.bytes === 0) await fetchRest(wish, pieces, here)
  const whole = joined(pieces)
  if (whole.byteLength !== file.bytes || (await sha256Of(whole)) !== file.sha256) {
    await storage.forgetPieces(file.sha256)
    throw new WrongContentError(file.url)
  }
  await storage.keepFile(file.sha256, new Blob([whole], { type: typeOf(file) }))
}

async function fetchRest(wish: Fetching, pieces: ArrayBuffer[], here: number): Promise<void> {
  const { file, storage } = wish
  const headers: Record<string, string> = here > 0 ? { Range: `bytes=${here}-` } : {}
  const asking = wish.fetch(file.url, { headers, signal: wish.signal ?? null })
  const answer = await within(wish.patience, asking)
  if (!answer.ok || !answer.body) {
    if (answer.status === 416) await storage.forgetPieces(file.sha256)
    throw new NotServedError(answer.status)
  }
  let offset = here
  if (here > 0 && answer.status !== 206) {
    // A server that knows no parts sends all of it.
    await storage.forgetPieces(file.sha256)
    wish.came(-here)
    pieces.length = offset = 0
  }
  const gathered = new Gathering(async (data) => {
    await storage.keepPiece(file.sha256, offset, data)
    pieces.push(data)
    offset += data.byteLength
    wish.came(data.byteLength)
  })
  const reader = answer.body.getReader()
  try {
    for (;;) {
      const { done, value } = await within(wish.patience, reader.read())
      if (done) break
      await gathered.add(value)
    }
  } catch (error) {
    void reader.cancel().catch(() => {})
    throw error
  } finally {
    // Also what came just before the break.
    await gathered.flush()
  }
}

async function within<T>(milliseconds: number, waiting: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const stalled = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new StalledError()), milliseconds)
  })
  try {
    return await Promise.race([waiting, stalled])
  } finally {
    clearTimeout(timer)
  }
}

/** Makes pieces of a sensible size out of whatever the network brings. */
class Gathering {
  readonly #keep: (data: ArrayBuffer) => Promise<void>
  #parts: Uint8Array[] = []
  #bytes = 0

  constructor(keep: (data: ArrayBuffer) => Promise<void>) {
    this.#keep = keep
  }

  async add(part: Uint8Array): Promise<void> {
    this.#parts.push(part)
    this.#bytes += part.byteLength
    if (this.#bytes >= PIECE_BYTES) await this.flush()
  }

  async flush(): Promise<void> {
    if (this.#bytes === 0) return
    const data = joined(this.#parts)
    this.#parts = []
    this.#bytes = 0
    await this.#keep(data)
  }
}

function joined(parts: readonly (ArrayBuffer | Uint8Array)[]): ArrayBuffer {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.byteLength, 0))
  let offset = 0
  for (const part of parts) {
    whole.set(part instanceof Uint8Array ? part : new Uint8Array(part), offset)
    offset += part.byteLength
  }
  return whole.buffer
}

export async function sha256Of(data: ArrayBuffer): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', data))
  return [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}

function typeOf(file: PackFile): string {
  return TYPES[file.url.split('.').at(-1) ?? ''] ?? 'application/octet-stream'
}
