const GONE_AFTER_MS = 3_000

/**
 * Tells a new presentation from a code that is still held before the camera. A visitor who
 * lingers with the ticket in the hand must not be shown as a second use.
 */
export class Repeats {
  #text: string | null = null
  #seenAt = 0

  /** True when the code has not been seen for three seconds. */
  isFresh(text: string, at: number): boolean {
    const fresh = text !== this.#text || at - this.#seenAt >= GONE_AFTER_MS
    this.#text = text
    this.#seenAt = at
    return fresh
  }

  /** The next sight of any code counts as new. */
  forget(): void {
    this.#text = null
  }
}
