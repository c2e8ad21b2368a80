import { apart, type Spot } from './plane'
import type { Position } from './position'
import { toZone, type Stop } from './trigger'

/**
 * How often the phone is asked where it is. Exact positions cost a phone the most when they are
 * asked for without pause; far from every stop nobody needs them.
 *
 * The budget: never more than one exact reading in two seconds, and none but a rough one every
 * half minute while no stop can be reached within that time or the visitor has not moved.
 */

export interface Sampling {
  /** Milliseconds until the next reading. */
  wait: number
  exact: boolean
}

export const NEAR: Sampling = { wait: 2_000, exact: true }
export const REST: Sampling = { wait: 10_000, exact: true }
export const FAR: Sampling = { wait: 30_000, exact: false }

/** Metres a second of a visitor who walks briskly. */
const PACE = 1.5
/** Milliseconds at one spot after which a visitor is taken to rest. */
const RESTS_AFTER = 120_000

/** Metres within which a visitor looks around and does not walk on. */
const STAYS_WITHIN = 15

/** Where the visitor stays, and since when. */
export interface Stay extends Spot {
  since: number
}

/** The same stay while the visitor is near it, else one that begins here. */
export function stay(before: Stay | null, position: Position): Stay {
  if (before && apart(before, position) <= STAYS_WITHIN) return before
  return { x: position.x, y: position.y, since: position.at }
}

/** How the next reading is taken. */
export function nextReading(
  position: Position | null,
  stops: readonly Stop[],
  stays: Stay | null,
): Sampling {
  if (!position) return NEAR
  const nearest = Math.min(...stops.map((stop) => toZone(position, stop) ?? Infinity))
  if (nearest - position.doubt > (PACE * FAR.wait) / 1000) return FAR
  if (stays && position.at - stays.since >= RESTS_AFTER) return REST
  return NEAR
}
