import { openDB, type DBSchema, type IDBPDatabase } from 'idb'

/** One listening, as the server counts it: no person, no place on the map. */
export interface Play {
  play_id: string
  stop_id: number
  language: string
  started_at: string
  share_heard: number
}

interface PlaysSchema extends DBSchema {
  plays: { key: string; value: Play }
}

export type PlaysDatabase = IDBPDatabase<PlaysSchema>

/** Sends plays; false when they have to be told again. */
export type Tell = (plays: Play[]) => Promise<boolean>

const AT_ONCE = 100

export function openPlays(name = 'ngomon-plays'): Promise<PlaysDatabase> {
  return openDB<PlaysSchema>(name, 1, {
    upgrade: (database) => void database.createObjectStore('plays', { keyPath: 'play_id' }),
  })
}

/** What was listened to and not told yet. It may come late and twice; the server knows the ids. */
export class Plays {
  #open: () => Promise<PlaysDatabase>
  #database: Promise<PlaysDatabase> | null = null

  constructor(open: () => Promise<PlaysDatabase> = openPlays) {
    this.#open = open
  }

  /** Note how much was heard; less than before changes nothing. */
  async note(play: Play): Promise<void> {
    const transaction = (await this.#ready()).transaction('plays', 'readwrite')
    const before = await transaction.store.get(play.play_id)
    if (!before || before.share_heard < play.share_heard) await transaction.store.put(play)
    await transaction.done
  }

  /** Tell the server; what it heard is forgotten unless more was heard meanwhile. */
  async tell(tell: Tell): Promise<number> {
    const database = await this.#ready()
    const waiting = await database.getAll('plays', null, AT_ONCE)
    if (!waiting.length || !(await tell(waiting))) return 0
    const transaction = database.transaction('plays', 'readwrite')
    for (const told of waiting) {
      const now = await transaction.store.get(told.play_id)
      if (now && now.share_heard <= told.share_heard) await transaction.store.delete(told.play_id)
    }
    await transaction.done
    return waiting.length
  }

  #ready(): Promise<PlaysDatabase> {
    this.#database ??= this.#open()
    return this.#database
  }
}
