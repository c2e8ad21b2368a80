/**
 * One key for one wish: a second try after a lost answer sends the same key, so that the server
 * does it once; another wish gets another key.
 */
export class RequestKeys {
  #wish = ''
  #key = ''

  constructor(readonly newKey: () => string = () => crypto.randomUUID()) {}

  for(wish: unknown): string {
    const said = JSON.stringify(wish)
    if (said !== this.#wish || !this.#key) {
      this.#wish = said
      this.#key = this.newKey()
    }
    return this.#key
  }

  /** The server has answered: the same words from now on are a new wish. */
  done(): void {
    this.#key = ''
  }
}
