/** What the clock keeps across reloads. */
export interface ClockFacts {
  offsetMs: number
  checkedAt: number
  latestMs: number
}

/** A clock that was set back by less than this is an ordinary correction. */
const SET_BACK_MS = 5 * 60_000
/** The page's own counter stops while some phones sleep; the wall clock does not. */
const JITTER_MS = 2_000

/**
 * The time of the server, as well as this phone can know it: its own clock, corrected at every
 * answer, and never behind what was seen before. A clock that somebody set back does not make an
 * old ticket valid again.
 */
export class Clock {
  offsetMs = 0
  /** When the clock was last compared with the server's, in seconds; null: not believed. */
  checkedAt: number | null = null
  wasSetBack = false
  #latestMs = 0
  #anchor: { at: number; ticks: number } | null = null
  readonly #wall: () => number
  readonly #ticks: () => number

  constructor(wall: () => number = () => Date.now(), ticks = () => performance.now()) {
    this.#wall = wall
    this.#ticks = ticks
  }

  /** Begin from what was kept. */
  restore(kept: ClockFacts | null): void {
    if (!kept) return
    this.offsetMs = kept.offsetMs
    this.checkedAt = kept.checkedAt
    this.#latestMs = kept.latestMs
    const now = this.#wall() + this.offsetMs
    this.wasSetBack = now < kept.latestMs - SET_BACK_MS
    // How long the phone was away nobody knows: the clock counts on, but is not believed.
    if (this.wasSetBack) this.checkedAt = null
    this.#anchor = { at: Math.max(now, kept.latestMs), ticks: this.#ticks() }
  }

  /** The server told its time; the request took so long. */
  heard(serverMs: number, tookMs = 0): void {
    const now = serverMs + tookMs / 2
    this.offsetMs = Math.round(now - this.#wall())
    this.checkedAt = Math.floor(now / 1000)
    this.#anchor = { at: now, ticks: this.#ticks() }
    this.#latestMs = now
    this.wasSetBack = false
  }

  nowMs(): number {
    const wall = this.#wall() + this.offsetMs
    const counted = this.#anchor ? this.#anchor.at + this.#ticks() - this.#anchor.ticks : wall
    const now = wall >= counted - JITTER_MS ? wall : counted
    if (wall < counted - SET_BACK_MS) this.wasSetBack = true
    this.#latestMs = Math.max(this.#latestMs, now)
    return now
  }

  /** Whole seconds, as the decision table counts. */
  now(): number {
    return Math.floor(this.nowMs() / 1000)
  }

  /** What is told with a scan: never behind, whatever somebody does to the phone's own clock. */
  stamp(): string {
    return new Date(this.nowMs()).toISOString()
  }

  facts(): ClockFacts | null {
    if (this.checkedAt === null) return null
    this.nowMs()
    return { offsetMs: this.offsetMs, checkedAt: this.checkedAt, latestMs: this.#latestMs }
  }
}
