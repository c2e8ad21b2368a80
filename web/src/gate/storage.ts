import { openDB, type DBSchema, type IDBPDatabase } from 'idb'

/** What this phone knows of itself once it is the scanner of a gate. */
export interface Device {
  token: string
  gate: { id: number; code: string; name: string }
  site: { slug: string; name: string }
}

/** A scan that was sent, or meant to be, and has no answer yet. */
export interface Unanswered {
  text: string
  scanId: string
  scannedAt: string
  people: number | null
  documentSeen: boolean
}

interface GateDatabase extends DBSchema {
  device: { key: 'this'; value: Device }
  unanswered: { key: string; value: Unanswered }
}

/** The device token and the unanswered scans outlive a reload and an empty battery. */
export class GateStorage {
  readonly #database: Promise<IDBPDatabase<GateDatabase>>

  constructor(name = 'ngomon-gate') {
    this.#database = openDB<GateDatabase>(name, 1, {
      upgrade(database) {
        database.createObjectStore('device')
        database.createObjectStore('unanswered', { keyPath: 'text' })
      },
    })
  }

  async device(): Promise<Device | null> {
    return (await (await this.#database).get('device', 'this')) ?? null
  }

  async keepDevice(device: Device): Promise<void> {
    await (await this.#database).put('device', device, 'this')
    // Asks the browser not to clear us when the phone is full.
    await navigator.storage?.persist?.()
  }

  async forgetDevice(): Promise<void> {
    const database = await this.#database
    await Promise.all([database.clear('device'), database.clear('unanswered')])
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
}
