const GONE_AFTER_MS = 3_000

/**
 * Tells a new presentation from a code that is still held before the camera. A visitor who
 * lingers with the ticket in the hand must not be shown as a second use.
 */
export class Repeats {
  readonly #seenAt = new Map<string, number>()

  /** True when the code has not been seen for three seconds. */
  isFresh(text: string, at: number): boolean {
    for (const [known, seenAt] of this.#seenAt)
      if (at - seenAt >= GONE_AFTER_MS) this.#seenAt.delete(known)
    const fresh = !this.#seenAt.has(text)
    this.#seenAt.set(text, at)
    return fresh
  }

  /** The next sight of any code counts as new. */
  forget(): void {
    this.#seenAt.clear()
  }
}
