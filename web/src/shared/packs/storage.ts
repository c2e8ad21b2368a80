import { openDB, type DBSchema, type IDBPDatabase } from 'idb'
import type { HeldPack } from './manifest'

/** A piece of a file whose download is not over. */
interface Piece {
  sha256: string
  offset: number
  data: ArrayBuffer
}

interface PackDatabase extends DBSchema {
  packs: { key: string; value: HeldPack }
  /** Whole files, by what is in them; their hash was checked before they came here. */
  files: { key: string; value: Blob | ArrayBuffer }
  pieces: { key: [string, number]; value: Piece }
}

const VERSION = 1

/** Packs outlive a reload, an empty battery and a download that broke half-way. */
export class PackStorage {
  readonly #name: string
  #opened: Promise<IDBPDatabase<PackDatabase>> | null = null

  constructor(name = 'ngomon-packs') {
    this.#name = name
  }

  /** Opened when it is first needed: where a phone refuses storage, only that fails. */
  get #database(): Promise<IDBPDatabase<PackDatabase>> {
    this.#opened ??= openDB<PackDatabase>(this.#name, VERSION, {
      upgrade(database) {
        database.createObjectStore('packs', { keyPath: 'id' })
        database.createObjectStore('files')
        database.createObjectStore('pieces', { keyPath: ['sha256', 'offset'] })
      },
    })
    return this.#opened
  }

  async close(): Promise<void> {
    ;(await this.#database).close()
  }

  async pack(id: string): Promise<HeldPack | null> {
    return (await (await this.#database).get('packs', id)) ?? null
  }

  async packs(): Promise<HeldPack[]> {
    return (await this.#database).getAll('packs')
  }

  async keepPack(pack: HeldPack): Promise<void> {
    await (await this.#database).put('packs', pack)
  }

  async forgetPack(id: string): Promise<void> {
    await (await this.#database).delete('packs', id)
  }

  async has(sha256: string): Promise<boolean> {
    return (await (await this.#database).count('files', sha256)) > 0
  }

  async held(): Promise<Set<string>> {
    return new Set(await (await this.#database).getAllKeys('files'))
  }

  async file(sha256: string): Promise<Blob | null> {
    const kept = await (await this.#database).get('files', sha256)
    if (!kept) return null
    return kept instanceof Blob ? kept : new Blob([kept])
  }

  /** The whole file takes the place of its pieces in one step. */
  async keepFile(sha256: string, data: Blob | ArrayBuffer): Promise<void> {
    const change = (await this.#database).transaction(['files', 'pieces'], 'readwrite')
    await Promise.all([
      change.objectStore('files').put(data, sha256),
      change.objectStore('pieces').delete(piecesOf(sha256)),
      change.done,
    ])
  }

  async keepPiece(sha256: string, offset: number, data: ArrayBuffer): Promise<void> {
    await (await this.#database).put('pieces', { sha256, offset, data })
  }

  /** The pieces from the beginning without a gap. */
  async pieces(sha256: string): Promise<ArrayBuffer[]> {
    const all = await (await this.#database).getAll('pieces', piecesOf(sha256))
    const found: ArrayBuffer[] = []
    let end = 0
    for (const piece of all) {
      if (piece.offset !== end) break
      found.push(piece.data)
      end += piece.data.byteLength
    }
    return found
  }

  /** How much of the named files came before a download broke. */
  async pieceBytes(wanted: ReadonlySet<string>): Promise<number> {
    const begun = new Set<string>()
    for (const [sha256] of await (await this.#database).getAllKeys('pieces')) begun.add(sha256)
    let bytes = 0
    for (const sha256 of begun)
      if (wanted.has(sha256))
        for (const piece of await this.pieces(sha256)) bytes += piece.byteLength
    return bytes
  }

  async forgetPieces(sha256: string): Promise<void> {
    await (await this.#database).delete('pieces', piecesOf(sha256))
  }

  /** Throws away every file and piece that is not named; says how many files went. */
  async keepOnly(wanted: ReadonlySet<string>): Promise<number> {
    const change = (await this.#database).transaction(['files', 'pieces'], 'readwrite')
    const files = change.objectStore('files')
    const gone = (await files.getAllKeys()).filter((sha256) => !wanted.has(sha256))
    const pieces = change.objectStore('pieces')
    const loose = (await pieces.getAllKeys()).filter(([sha256]) => !wanted.has(sha256))
    await Promise.all([
      ...gone.map((sha256) => files.delete(sha256)),
      ...loose.map((key) => pieces.delete(key)),
      change.done,
    ])
    return gone.length
  }
}

function piecesOf(sha256: string): IDBKeyRange {
  return IDBKeyRange.bound([sha256, 0], [sha256, Number.MAX_SAFE_INTEGER])
}
