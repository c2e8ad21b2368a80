import { openDB, type DBSchema, type IDBPDatabase } from 'idb'
import type { Ticket } from '../api'

/** A ticket that somebody gave by a link, from the first look on. */
export interface Gift {
  /** The link's own code and secret. */
  code: string
  secret: string
  /** Made here before we accept: with the same key a lost answer can be asked for again. */
  key: string
  /** What opens the ticket, once it was accepted; it exists nowhere else. */
  ticketSecret: string
  ticket: Ticket | null
  knownAt: string
}

interface GiftSchema extends DBSchema {
  gifts: { key: string; value: Gift }
}

export type GiftDatabase = IDBPDatabase<GiftSchema>

/** A database of its own: the one with the orders stays as older versions of the app know it. */
export function openGifts(name = 'ngomon-gifts'): Promise<GiftDatabase> {
  return openDB<GiftSchema>(name, 1, {
    upgrade(database) {
      database.createObjectStore('gifts', { keyPath: 'code' })
    },
  })
}

/** Tickets that were given to the person of this phone; they show without network. */
export class Gifts {
  #open: () => Promise<GiftDatabase>
  #database: Promise<GiftDatabase> | null = null

  constructor(open: () => Promise<GiftDatabase> = openGifts) {
    this.#open = open
  }

  /** Keeps the key that will accept the ticket; a second try finds the first key. */
  async begin(code: string, secret: string, newKey: () => string, at: Date): Promise<Gift> {
    const transaction = (await this.#ready()).transaction('gifts', 'readwrite')
    const known = await transaction.store.get(code)
    const gift = known ?? {
      ...{ code, secret, key: newKey(), ticketSecret: '', ticket: null },
      knownAt: at.toISOString(),
    }
    await transaction.store.put(gift)
    await transaction.done
    return gift
  }

  /** Keeps the accepted ticket, or what the server newly says of it. */
  async keep(gift: Gift): Promise<void> {
    await (await this.#ready()).put('gifts', gift)
  }

  async find(code: string): Promise<Gift | undefined> {
    return (await this.#ready()).get('gifts', code)
  }

  /** Those that were accepted here, the newest visit first. */
  async accepted(): Promise<(Gift & { ticket: Ticket })[]> {
    const all = await (await this.#ready()).getAll('gifts')
    return all
      .filter((gift): gift is Gift & { ticket: Ticket } => gift.ticket !== null)
      .sort((one, other) => other.ticket.valid_from.localeCompare(one.ticket.valid_from))
  }

  #ready(): Promise<GiftDatabase> {
    this.#database ??= this.#open()
    return this.#database
  }
}

export const gifts = new Gifts()
