/** What somebody said of a visit. `sent`: the server has it; until then it waits on this phone. */
export interface Rating {
  score: number
  comment: string
  at: string
  sent: boolean
}

const PREFIX = 'ngomon.rating.'
/** Gates that were long without network have told of everybody by then. */
const WAITS_MS = 60 * 24 * 3600 * 1000

/** The answers of this phone, one for each order; they outlive a restart without network. */
export class Ratings {
  readonly #storage: () => Storage

  constructor(storage: () => Storage = () => localStorage) {
    this.#storage = storage
  }

  find(code: string): Rating | null {
    try {
      const kept = this.#storage().getItem(PREFIX + code)
      return kept ? (JSON.parse(kept) as Rating) : null
    } catch {
      return null
    }
  }

  /** False where this phone keeps nothing: then it has to be sent while the page is open. */
  keep(code: string, rating: Rating): boolean {
    try {
      this.#storage().setItem(PREFIX + code, JSON.stringify(rating))
      return true
    } catch {
      return false
    }
  }

  forget(code: string): void {
    try {
      this.#storage().removeItem(PREFIX + code)
    } catch {
      return
    }
  }

  /** Orders whose answer the server does not have yet; what is too old is given up. */
  waiting(now: Date): string[] {
    const unsent = this.#codes().filter((code) => this.find(code)?.sent === false)
    const isOld = (code: string) => now.getTime() - Date.parse(this.find(code)!.at) > WAITS_MS
    for (const code of unsent.filter(isOld)) this.forget(code)
    return unsent.filter((code) => this.find(code))
  }

  #codes(): string[] {
    try {
      const keys = Object.keys(this.#storage())
      return keys.filter((key) => key.startsWith(PREFIX)).map((key) => key.slice(PREFIX.length))
    } catch {
      return []
    }
  }
}

export const ratings = new Ratings()
