import { openDB, type DBSchema, type IDBPDatabase } from 'idb'
import type { Answer } from '$shared/api/answer'
import { nextTask } from '$shared/tasks'

interface SeenSchema extends DBSchema {
  answers: {
    key: string
    value: { question: string; data: unknown; at: string }
    indexes: { byAt: string }
  }
}

type SeenDatabase = IDBPDatabase<SeenSchema>

/** About a day of looking around; older pages make room. */
const MOST = 60

export function openSeen(name = 'ngomon-seen'): Promise<SeenDatabase> {
  return openDB<SeenSchema>(name, 1, {
    upgrade(database) {
      const answers = database.createObjectStore('answers', { keyPath: 'question' })
      answers.createIndex('byAt', 'at')
    },
  })
}

/** What the person has looked at, to be shown again when the server cannot be asked. */
export class Seen {
  #open: () => Promise<SeenDatabase>
  #database: Promise<SeenDatabase> | null = null
  #writing: Promise<void> = Promise.resolve()

  constructor(open: () => Promise<SeenDatabase> = openSeen) {
    this.#open = open
  }

  /** The server's answer, else the last one to the same question; a refusal is an answer too. */
  async orRecall<T>(question: string, asking: Promise<Answer<T>>): Promise<Answer<T>> {
    const answer = await asking
    if (answer.ok) {
      // Nobody waits for the phone's disk to see what the server said.
      this.#writing = this.#writing
        .then(nextTask)
        .then(() => this.#keep(question, answer.data, new Date()))
        // A phone that keeps nothing still shows what the server says.
        .catch(() => undefined)
      return answer
    }
    return answer.failure.kind === 'problem' ? answer : this.#recall(question, answer)
  }

  async #keep(question: string, data: unknown, at: Date): Promise<void> {
    const transaction = (await this.#ready()).transaction('answers', 'readwrite')
    await transaction.store.put({ question, data, at: at.toISOString() })
    const oldest = transaction.store.index('byAt')
    const tooMany = (await transaction.store.count()) - MOST
    if (tooMany > 0)
      for (const key of await oldest.getAllKeys(null, tooMany)) await transaction.store.delete(key)
    await transaction.done
  }

  async #recall<T>(question: string, failed: Answer<T>): Promise<Answer<T>> {
    try {
      await this.#writing
      const kept = await (await this.#ready()).get('answers', question)
      return kept ? { ok: true, data: kept.data as T } : failed
    } catch {
      return failed
    }
  }

  #ready(): Promise<SeenDatabase> {
    this.#database ??= this.#open()
    return this.#database
  }
}

export const seen = new Seen()
