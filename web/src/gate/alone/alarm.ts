/**
 * Rings once, at the earliest moment that anybody asked for. Who asks for a later one does not put
 * it off: visitors come every few seconds, and what waits must be sent between two of them.
 */
export class Alarm {
  readonly #ring: () => void
  #timer: ReturnType<typeof setTimeout> | undefined
  #at = Infinity

  constructor(ring: () => void) {
    this.#ring = ring
  }

  in(milliseconds: number): void {
    const at = performance.now() + milliseconds
    if (at >= this.#at) return
    this.off()
    this.#at = at
    this.#timer = setTimeout(() => {
      this.off()
      this.#ring()
    }, milliseconds)
  }

  off(): void {
    clearTimeout(this.#timer)
    this.#at = Infinity
  }
}
