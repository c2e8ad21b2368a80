import { apart, type Spot } from './plane'

/**
 * Where the visitor most likely is: a filter over what the phone says.
 *
 * The phone's error is not fresh at every reading; near walls it stays for minutes. The filter
 * therefore smooths jumps but never trusts itself beyond half of what the phone admits.
 */

export interface Reading extends Spot {
  /** Milliseconds; readings that are not newer than the last are left out. */
  at: number
  /** Metres within which the phone believes to be, two times out of three. */
  accuracy: number
  /** Degrees from north, where the phone knows; null while it stands. */
  heading: number | null
}

export interface Position extends Spot {
  at: number
  /** Metres of doubt. */
  doubt: number
  heading: number | null
  /** Readings in a row that lay where nobody walks to so fast. */
  odd: number
}

/** A reading that is worse says nothing about a stop. */
const WORST_ACCURACY = 45
/** After such a silence the visitor may be anywhere. */
const SILENCE = 30_000
/** Metres a second: a person who hurries. */
const HURRY = 2
const ODD = 3
const ODDS_BELIEVED = 4

/** The position after one more reading; the one before where the reading says nothing. */
export function settle(before: Position | null, reading: Reading): Position | null {
  if (reading.accuracy > WORST_ACCURACY || (before && reading.at <= before.at)) return before
  if (!before || reading.at - before.at > SILENCE) return startAt(reading)
  const walked = ((reading.at - before.at) / 1000) * HURRY
  const variance = before.doubt ** 2 + walked ** 2
  const error = Math.max(reading.accuracy, 3) ** 2
  if (apart(before, reading) > ODD * Math.sqrt(variance + error)) {
    // One jump is a reflection; several alike are a visitor who took the cart.
    return before.odd + 1 >= ODDS_BELIEVED ? startAt(reading) : { ...before, odd: before.odd + 1 }
  }
  const trust = variance / (variance + error)
  return {
    x: before.x + trust * (reading.x - before.x),
    y: before.y + trust * (reading.y - before.y),
    at: reading.at,
    doubt: Math.max(Math.sqrt((1 - trust) * variance), reading.accuracy / 2),
    heading: reading.heading,
    odd: 0,
  }
}

function startAt(reading: Reading): Position {
  const { x, y, at, heading } = reading
  return { x, y, at, heading, doubt: Math.max(reading.accuracy, 3), odd: 0 }
}
