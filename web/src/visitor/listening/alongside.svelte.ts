import { settle, type Position, type Reading } from '$shared/walking/position'
import { NEAR, nextReading, stay, type Stay } from '$shared/walking/sampling'
import { START, listen, walk, type State } from '$shared/walking/trigger'
import type { Ground } from './ground'

/** Longer than that nobody waits for a position before the next one is asked for. */
const PATIENCE = 20_000
const DENIED = 1

/**
 * Walks along with the visitor once they allowed it. The position is used here and forgotten; it
 * is never stored or sent.
 */
export class Alongside {
  allowed = $state(false)
  denied = $state(false)
  position = $state.raw<Position | null>(null)
  #state: State = START
  #stays: Stay | null = null
  /** Counts beginnings and ends: an answer to an earlier question leads to no further one. */
  #turn = 0
  #timer: ReturnType<typeof setTimeout> | undefined
  #ground: Ground | null = null
  readonly #speaking: () => boolean
  readonly #start: (stop: number) => void

  constructor(speaking: () => boolean, start: (stop: number) => void) {
    this.#speaking = speaking
    this.#start = start
  }

  /** The visitor asked for it; the phone will ask them once more. */
  begin(ground: Ground): void {
    this.#ground = ground
    this.allowed = true
    this.denied = false
    this.#turn += 1
    clearTimeout(this.#timer)
    this.#look(NEAR)
  }

  end(): void {
    this.allowed = false
    this.#turn += 1
    this.position = null
    this.#state = { ...this.#state, position: null, candidate: null }
    clearTimeout(this.#timer)
  }

  /** A stop was started by hand; it does not start again by itself right away. */
  heard(stop: number): void {
    this.#state = listen(this.#state, stop, Date.now())
  }

  #look({ wait, exact }: { wait: number; exact: boolean }): void {
    const turn = this.#turn
    navigator.geolocation.getCurrentPosition(
      (found) => turn === this.#turn && this.#walk(found),
      (error) => turn === this.#turn && this.#lost(error, wait),
      { enableHighAccuracy: exact, timeout: PATIENCE, maximumAge: 0 },
    )
  }

  #walk({ coords, timestamp }: GeolocationPosition): void {
    const ground = this.#ground
    if (!ground) return
    const reading: Reading = {
      ...ground.plane({ lat: coords.latitude, lon: coords.longitude }),
      at: timestamp,
      accuracy: coords.accuracy,
      heading: Number.isFinite(coords.heading) ? coords.heading : null,
    }
    const step = walk(this.#state, reading, ground.stops, {
      allowed: this.allowed,
      speaking: this.#speaking(),
    })
    this.#state = step.state
    // Shown also while a reading is too poor to start anything by.
    this.position = step.state.position ?? settle(null, { ...reading, accuracy: 30 })
    if (step.state.position) this.#stays = stay(this.#stays, step.state.position)
    if (step.start !== null) this.#start(step.start)
    const next = nextReading(step.state.position, ground.stops, this.#stays)
    this.#timer = setTimeout(() => this.#look(next), next.wait)
  }

  #lost(error: GeolocationPositionError, wait: number): void {
    if (error.code === DENIED) {
      this.denied = true
      return this.end()
    }
    this.#timer = setTimeout(() => this.#look(NEAR), wait)
  }
}
