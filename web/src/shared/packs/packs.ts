import { fetchFile, PATIENCE_MS } from './fetching'
import {
  bytesOf,
  distinct,
  idOf,
  merged,
  type HeldPack,
  type Manifest,
  type PackFile,
  type PackKey,
  type Plan,
} from './manifest'
import { PackStorage } from './storage'

/** The server does not let this phone have the pack; `code` is that of its problem document. */
export class PackRefusedError extends Error {
  readonly status: number
  readonly code: string

  constructor(status: number, code: string) {
    super(code)
    this.status = status
    this.code = code
  }
}

interface Surroundings {
  storage?: PackStorage
  fetch?: typeof fetch
  now?: () => number
  /** Milliseconds without a byte after which a download counts as broken. */
  patience?: number
}

export interface Progress {
  /** Of what was missing when the download began; never goes back but for a server without parts. */
  done: number
  total: number
}

/** How many files travel at once. */
const AT_ONCE = 3

/** The guides that a phone has taken along: plan, download, read, bring up to date, throw away. */
export class Packs {
  readonly storage: PackStorage
  readonly #fetch: typeof fetch
  readonly #now: () => number
  readonly #patience: number

  constructor({ storage, fetch: given, now, patience }: Surroundings = {}) {
    this.storage = storage ?? new PackStorage()
    this.#fetch = given ?? fetch.bind(globalThis)
    this.#now = now ?? Date.now
    this.#patience = patience ?? PATIENCE_MS
  }

  /** Asks the server what is new, and says what fetching it would cost. Fetches no file. */
  async plan(key: PackKey, ticket?: string): Promise<Plan> {
    const id = idOf(key)
    const held = await this.storage.pack(id)
    const answer = await this.#ask(key, held?.version ?? null, ticket)
    const files = merged(held?.files ?? [], answer)
    const upToDate = held?.version === answer.version
    const pack: HeldPack = {
      id,
      key,
      version: held?.version ?? null,
      files: upToDate ? files : (held?.files ?? []),
      next: upToDate ? null : { version: answer.version, files },
      checkedAt: this.#now(),
    }
    // Who only asks what a pack would cost holds none.
    if (held) await this.storage.keepPack(pack)
    const missing = await this.#missing(files)
    const begun = await this.storage.pieceBytes(new Set(missing.map((file) => file.sha256)))
    return {
      pack,
      bytes: bytesOf(files),
      missingBytes: bytesOf(missing) - begun,
      upToDate: upToDate && missing.length === 0,
    }
  }

  /**
   * Fetches what a plan misses. Stopped or broken, it goes on from there the next time; the
   * version that was here stays whole until the new one is.
   */
  async download(
    plan: Plan,
    { told, signal }: { told?: (progress: Progress) => void; signal?: AbortSignal } = {},
  ): Promise<HeldPack> {
    const { pack } = plan
    await this.storage.keepPack(pack)
    const files = pack.next?.files ?? pack.files
    const missing = await this.#missing(files)
    const progress = { done: 0, total: bytesOf(missing) }
    const came = (bytes: number): void => {
      progress.done += bytes
      told?.({ ...progress })
    }
    const queue = [...missing]
    const work = async (): Promise<void> => {
      for (let file = queue.shift(); file; file = queue.shift()) {
        signal?.throwIfAborted()
        const { storage } = this
        await fetchFile({
          file,
          storage,
          fetch: this.#fetch,
          signal,
          came,
          patience: this.#patience,
        })
      }
    }
    // All workers end before the first trouble is told: none of them writes behind its back.
    const ends = await Promise.allSettled(Array.from({ length: AT_ONCE }, work))
    const trouble = ends.find((end) => end.status === 'rejected')
    if (trouble) throw trouble.reason
    const whole: HeldPack = {
      ...pack,
      version: pack.next?.version ?? pack.version,
      files,
      next: null,
    }
    await this.storage.keepPack(whole)
    await this.#sweep()
    await globalThis.navigator?.storage?.persist?.()
    return whole
  }

  async held(): Promise<HeldPack[]> {
    return this.storage.packs()
  }

  /** Bytes on the phone of what a pack is going to have and has not yet. */
  async begun(pack: HeldPack): Promise<number> {
    const mine = new Set(pack.files.map((file) => file.sha256))
    const coming = distinct(pack.next?.files ?? []).filter((file) => !mine.has(file.sha256))
    const here = await this.storage.held()
    const pieces = await this.storage.pieceBytes(new Set(coming.map((file) => file.sha256)))
    return bytesOf(coming.filter((file) => here.has(file.sha256))) + pieces
  }

  /** A file of a pack as it can be played and shown without network. */
  async file(sha256: string): Promise<Blob | null> {
    return this.storage.file(sha256)
  }

  /** A document of a pack: the guide itself, or one stop. */
  async document<Content>(pack: HeldPack, stop: number): Promise<Content | null> {
    const kind = stop === 0 ? 'guide' : 'stop'
    const entry = pack.files.find((file) => file.kind === kind && file.stop === stop)
    const blob = entry && (await this.storage.file(entry.sha256))
    return blob ? (JSON.parse(await blob.text()) as Content) : null
  }

  /** Throws a pack away; files that another pack needs stay. */
  async forget(key: PackKey): Promise<void> {
    await this.storage.forgetPack(idOf(key))
    await this.#sweep()
  }

  async #ask(key: PackKey, since: string | null, ticket?: string): Promise<Manifest> {
    const asked = new URLSearchParams({
      language: key.language,
      quality: key.quality,
      format: key.format,
      ...(since === null ? {} : { since }),
    })
    const headers: Record<string, string> = ticket ? { 'Ticket-Token': ticket } : {}
    const url = `/api/v1/guides/${key.guide}/pack?${asked}`
    // Asked anew: who just learned of a change is not shown the list from before it.
    const answer = await this.#fetch(url, { headers, cache: 'no-cache' })
    if (!answer.ok) {
      const problem = (await answer.json().catch(() => ({}))) as { code?: string }
      throw new PackRefusedError(answer.status, problem.code ?? 'unknown')
    }
    return (await answer.json()) as Manifest
  }

  async #missing(files: readonly PackFile[]): Promise<PackFile[]> {
    const here = await this.storage.held()
    return distinct(files).filter((file) => !here.has(file.sha256))
  }

  async #sweep(): Promise<void> {
    const packs = await this.storage.packs()
    const wanted = packs.flatMap((pack) => [...pack.files, ...(pack.next?.files ?? [])])
    await this.storage.keepOnly(new Set(wanted.map((file) => file.sha256)))
  }
}
