import { openDB, type DBSchema, type IDBPDatabase } from 'idb'
import type { ToldScan } from './api'
import type { Entry } from './alone/entries'
import type { Part } from './pack/gate_pack'

/** What this phone knows of itself once it is the scanner of a gate. */
export interface Device {
  token: string
  gate: { id: number; code: string; name: string }
  site: { slug: string; name: string }
  /** Public key of the root, whose signature under a list of keys is believed. */
  trustRoot?: string
}

/** A scan that was sent, or meant to be, and has no answer yet. */
export interface Unanswered {
  text: string
  scanId: string
  scannedAt: string
  people: number | null
  /** Null: nobody has looked at it yet. Nothing else about the document is ever kept. */
  documentSeen: boolean | null
  confirmedBy?: 'guard' | 'supervisor' | null
  /** The guard typed the short code of the ticket; no camera saw it. */
  typed?: boolean
}

/** A scan in the queue: it leaves when the server has answered it. */
export interface WaitingEvent {
  sequence: number
  told: ToldScan
  /** Why the server could not read it; then it stays until a person has seen it. */
  trouble?: string
}

/** What this phone had not sent when it was enrolled anew: told under the name it had then. */
export interface LeftBehind {
  id: string
  device: Device
  events: WaitingEvent[]
}

/** The pack that this phone holds, apart from the texts of its parts. */
export interface HeldPack {
  number: number
  etag: string | null
  manifest: string
  trustNumber: number
  checkedAt: number
}

/** Single facts that outlive a reload. */
export interface Facts {
  pack: HeldPack
  credential: { text: string; signature: string }
  clock: { offsetMs: number; checkedAt: number; latestMs: number }
  sequence: number
  blocked: boolean
  /** The site lets guards type the short code of a ticket. */
  codeSearch: boolean
}

interface GateDatabase extends DBSchema {
  device: { key: 'this'; value: Device }
  unanswered: { key: string; value: Unanswered }
  facts: { key: string; value: unknown }
  parts: { key: number; value: Part }
  events: { key: number; value: WaitingEvent }
  entries: { key: string; value: Entry }
  left: { key: string; value: LeftBehind }
}

const VERSION = 3
/** Nothing may be shown as let in before the disk has it. */
const DURABLE = { durability: 'strict' } as const

/** The device token, the pack and the scans outlive a reload and an empty battery. */
export class GateStorage {
  readonly #database: Promise<IDBPDatabase<GateDatabase>>

  constructor(name = 'ngomon-gate') {
    this.#database = openDB<GateDatabase>(name, VERSION, {
      upgrade(database, oldVersion) {
        if (oldVersion < 1) {
          database.createObjectStore('device')
          database.createObjectStore('unanswered', { keyPath: 'text' })
        }
        if (oldVersion < 2) {
          database.createObjectStore('facts')
          database.createObjectStore('parts', { keyPath: 'number' })
          database.createObjectStore('events', { keyPath: 'sequence' })
          database.createObjectStore('entries', { keyPath: 'scanId' })
        }
        if (oldVersion < 3) database.createObjectStore('left', { keyPath: 'id' })
      },
    })
  }

  async close(): Promise<void> {
    ;(await this.#database).close()
  }

  async device(): Promise<Device | null> {
    return (await (await this.#database).get('device', 'this')) ?? null
  }

  async keepDevice(device: Device): Promise<void> {
    await (await this.#database).put('device', device, 'this')
    // Asks the browser not to clear us when the phone is full.
    await navigator.storage?.persist?.()
  }

  /** Everything of this enrolment goes, except what was not sent: that is left behind. */
  async forgetDevice(): Promise<void> {
    const gone = ['device', 'unanswered', 'facts', 'parts', 'events', 'entries'] as const
    const change = (await this.#database).transaction([...gone, 'left'], 'readwrite', DURABLE)
    const device = await change.objectStore('device').get('this')
    const events = await change.objectStore('events').getAll()
    const writes: Promise<unknown>[] = gone.map((store) => change.objectStore(store).clear())
    if (device && events.length > 0)
      writes.push(change.objectStore('left').put({ id: crypto.randomUUID(), device, events }))
    await Promise.all([...writes, change.done])
  }

  async leftBehind(): Promise<LeftBehind[]> {
    return (await this.#database).getAll('left')
  }

  /** Keeps what is still unsent of it, or forgets it when that is nothing. */
  async keepLeftBehind(left: LeftBehind): Promise<void> {
    const database = await this.#database
    if (left.events.length > 0) await database.put('left', left)
    else await database.delete('left', left.id)
  }

  async unanswered(text: string): Promise<Unanswered | null> {
    return (await (await this.#database).get('unanswered', text)) ?? null
  }

  async keepUnanswered(scan: Unanswered): Promise<void> {
    await (await this.#database).put('unanswered', scan)
  }

  async forgetUnanswered(text: string): Promise<void> {
    await (await this.#database).delete('unanswered', text)
  }

  async fact<Name extends keyof Facts>(name: Name): Promise<Facts[Name] | null> {
    return ((await (await this.#database).get('facts', name)) as Facts[Name] | undefined) ?? null
  }

  async keepFact<Name extends keyof Facts>(name: Name, value: Facts[Name]): Promise<void> {
    await (await this.#database).put('facts', value, name)
  }

  async parts(): Promise<Part[]> {
    return (await this.#database).getAll('parts')
  }

  /** The whole pack in one step: what it does not list any more is thrown away. */
  async keepPack(held: HeldPack, parts: readonly Part[]): Promise<void> {
    const change = (await this.#database).transaction(['facts', 'parts'], 'readwrite')
    const kept = change.objectStore('parts')
    const listed = new Set(parts.map((part) => part.number))
    const known = new Set(await kept.getAllKeys())
    const writes: Promise<unknown>[] = [change.objectStore('facts').put(held, 'pack')]
    for (const number of known) if (!listed.has(number)) writes.push(kept.delete(number))
    for (const part of parts) if (!known.has(part.number)) writes.push(kept.put(part))
    await Promise.all([...writes, change.done])
  }

  async entries(): Promise<Entry[]> {
    return (await this.#database).getAll('entries')
  }

  async keepEntries(entries: readonly Entry[], gone: readonly string[] = []): Promise<void> {
    const change = (await this.#database).transaction('entries', 'readwrite', DURABLE)
    const writes: Promise<unknown>[] = entries.map((entry) => change.store.put(entry))
    writes.push(...gone.map((scanId) => change.store.delete(scanId)))
    await Promise.all([...writes, change.done])
  }

  /** The event with the next number of this device, and what it lets in, or neither. */
  async tell(told: Omit<ToldScan, 'sequence'>, entry: Entry | null): Promise<WaitingEvent> {
    const stores = ['facts', 'events', 'entries'] as const
    const change = (await this.#database).transaction(stores, 'readwrite', DURABLE)
    const facts = change.objectStore('facts')
    const sequence = (((await facts.get('sequence')) as number | undefined) ?? 0) + 1
    const event = { sequence, told: { ...told, sequence } as ToldScan }
    const writes: Promise<unknown>[] = [
      facts.put(sequence, 'sequence'),
      change.objectStore('events').put(event),
    ]
    if (entry) writes.push(change.objectStore('entries').put(entry))
    await Promise.all([...writes, change.done])
    return event
  }

  /** Oldest first. */
  async waiting(most?: number): Promise<WaitingEvent[]> {
    return (await this.#database).getAll('events', null, most)
  }

  async countWaiting(): Promise<number> {
    return (await this.#database).count('events')
  }

  async forgetWaiting(sequences: readonly number[]): Promise<void> {
    const change = (await this.#database).transaction('events', 'readwrite')
    await Promise.all([...sequences.map((sequence) => change.store.delete(sequence)), change.done])
  }

  async markWaiting(events: readonly WaitingEvent[]): Promise<void> {
    const change = (await this.#database).transaction('events', 'readwrite')
    await Promise.all([...events.map((event) => change.store.put(event)), change.done])
  }
}

/** True when the phone has no room, rather than another trouble. */
export function isFull(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'QuotaExceededError'
}
