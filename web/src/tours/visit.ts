interface Surroundings {
  /** Milliseconds that only go forward. */
  now: () => number
  /** The wall clock, as RFC 3339. */
  today: () => string
  visible: () => boolean
  send: (told: Told) => void
}

export interface Told {
  visit_id: string
  started_at: string
  seconds: number
  scenes: number[]
}

/** Said for the first time when a visit begins to count, then now and then. */
const FIRST_AFTER_S = 10
const EVERY_S = 15

/**
 * One visit: how long the page was in view since a panorama showed, and which scenes. The id is
 * made up for this page alone and kept nowhere.
 */
export class Visit {
  readonly #id: string
  readonly #around: Surroundings
  #startedAt: string | null = null
  #since: number | null = null
  #milliseconds = 0
  #toldAt = 0
  readonly #scenes = new Set<number>()

  constructor(id: string, around: Surroundings) {
    this.#id = id
    this.#around = around
  }

  /** A scene is to be seen; the first one starts the visit. */
  saw(scene: number): void {
    this.#startedAt ??= this.#around.today()
    this.#scenes.add(scene)
    this.looked()
  }

  /** The page came into view or left it, or some time went by. */
  looked(): void {
    if (this.#startedAt === null) return
    const now = this.#around.now()
    if (this.#since !== null) this.#milliseconds += now - this.#since
    this.#since = this.#around.visible() ? now : null
    const next = this.#toldAt === 0 ? FIRST_AFTER_S : this.#toldAt + EVERY_S
    if (this.seconds >= next) this.tell()
  }

  get seconds(): number {
    return Math.floor(this.#milliseconds / 1000)
  }

  /** Says what is known so far; saying it again is harmless. */
  tell(): void {
    if (this.#startedAt === null) return
    this.#toldAt = this.seconds
    this.#around.send({
      visit_id: this.#id,
      started_at: this.#startedAt,
      seconds: this.seconds,
      scenes: [...this.#scenes].sort((a, b) => a - b),
    })
  }
}

/** A version 4 id, also where the page is not secure and `randomUUID` is missing. */
export function madeUpId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  bytes[6] = (bytes[6]! & 0x0f) | 0x40
  bytes[8] = (bytes[8]! & 0x3f) | 0x80
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')
  return [0, 8, 12, 16, 20].map((from, n) => hex.slice(from, [8, 12, 16, 20, 32][n])).join('-')
}
