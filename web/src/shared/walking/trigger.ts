import { apart, toBorder, turn, type Spot } from './plane'
import { settle, type Position, type Reading } from './position'

/**
 * Which stop begins to speak by itself, and when.
 *
 * Pure: the state goes in and comes out, and time is in the readings. It never starts anything
 * unless the visitor allowed it, while something speaks, or twice what was just heard.
 */

export interface Stop extends Spot {
  id: number
  /** A circle in metres around the spot, or an outline; neither: it never starts by itself. */
  radius: number | null
  outline: readonly Spot[] | null
  /** Where a visitor looks who sees it, in degrees from north; null: from anywhere. */
  bearing: number | null
  /** Milliseconds in which it does not start again by itself. */
  cooldown: number
}

export interface State {
  position: Position | null
  /** The stop that the visitor seems to be at, since when, and for how many readings. */
  candidate: { stop: number; since: number; readings: number } | null
  /** When each stop was last heard, by itself or by hand, and whether the visitor left it since. */
  heard: ReadonlyMap<number, { at: number; left: boolean }>
}

export interface Situation {
  allowed: boolean
  /** Something speaks now. */
  speaking: boolean
}

/** Stay so long, for so many readings, before it speaks. */
const STAY = 4_000
const READINGS = 3
/** Outside by so many metres the visitor has left. */
const LEFT_BY = 15
/** Degrees to both sides of where a visitor should look. */
const LOOKS = 60

export const START: State = { position: null, candidate: null, heard: new Map() }

/** Take one reading in; `start` is the stop that begins to speak, if one does. */
export function walk(
  state: State,
  reading: Reading,
  stops: readonly Stop[],
  now: Situation,
): { state: State; start: number | null } {
  const position = settle(state.position, reading)
  // A reading that was left out says nothing about where the visitor stays.
  if (!position || position.at !== reading.at) return { state: { ...state, position }, start: null }
  const heard = whoLeft(state.heard, position, stops)
  const candidate = follow(state.candidate, standsAt(position, stops), reading.at)
  const next: State = { position, candidate, heard }
  const ready =
    candidate !== null &&
    reading.at - candidate.since >= STAY &&
    candidate.readings >= READINGS &&
    now.allowed &&
    !now.speaking
  const stop = ready ? stops.find((each) => each.id === candidate.stop) : undefined
  if (!stop || !mayStart(stop, heard.get(stop.id), reading.at)) return { state: next, start: null }
  return { state: listen(next, stop.id, reading.at), start: stop.id }
}

/** Note that a stop is heard, however it was started: by position, number or label. */
export function listen(state: State, stop: number, at: number): State {
  return { ...state, heard: new Map(state.heard).set(stop, { at, left: false }) }
}

/** Metres to the border of a stop's zone, negative inside; null where it has none. */
export function toZone(spot: Spot, stop: Stop): number | null {
  if (stop.outline) return toBorder(spot, stop.outline)
  return stop.radius === null ? null : apart(spot, stop) - stop.radius
}

/**
 * The one stop that the visitor is at beyond doubt: inside its zone by a part of what is unsure,
 * and clearly nearer to it than to any other whose zone it also is.
 */
function standsAt(position: Position, stops: readonly Stop[]): number | null {
  const inside = stops
    .map((stop) => ({ stop, depth: -(toZone(position, stop) ?? Infinity) }))
    .filter(({ stop, depth }) => depth > 0 && looksAt(position, stop))
    .map(({ stop, depth }) => ({ stop, depth, distance: apart(position, stop) }))
    .sort((a, b) => a.distance - b.distance)
  const [first, second] = inside
  if (!first || first.depth < position.doubt / 2) return null
  if (second && second.distance - first.distance < position.doubt) return null
  return first.stop.id
}

function looksAt({ heading }: Position, stop: Stop): boolean {
  return stop.bearing === null || heading === null || turn(heading, stop.bearing) <= LOOKS
}

function follow(before: State['candidate'], stop: number | null, at: number): State['candidate'] {
  if (stop === null) return null
  if (before?.stop !== stop) return { stop, since: at, readings: 1 }
  return { ...before, readings: before.readings + 1 }
}

function whoLeft(
  heard: State['heard'],
  position: Position,
  stops: readonly Stop[],
): State['heard'] {
  const leaving = stops.filter((stop) => {
    const known = heard.get(stop.id)
    return known && !known.left && (toZone(position, stop) ?? 0) > LEFT_BY + position.doubt
  })
  if (!leaving.length) return heard
  const next = new Map(heard)
  for (const { id } of leaving) next.set(id, { at: next.get(id)!.at, left: true })
  return next
}

function mayStart(stop: Stop, heard: { at: number; left: boolean } | undefined, at: number) {
  return !heard || (heard.left && at - heard.at >= stop.cooldown)
}
