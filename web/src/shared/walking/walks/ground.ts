import { planeAround, type Spot } from '../plane.ts'
import type { Stop } from '../trigger.ts'
import stops from './stops.json' with { type: 'json' }

/**
 * The stops of Đại Nội as the shipped guide has them. Two courts and a wall are added as outlines,
 * to have zones that end at a wall: these lines are drawn for the walks, not measured.
 */

/** The middle of the stops; walks are metres east and north of it. */
export const ORIGIN = { lat: 16.4691, lon: 107.578 }
export const COOLDOWN = 30 * 60_000

export const GROUND: readonly Stop[] = stops.map((stop) => ({
  id: stop.id,
  ...planeAround(ORIGIN)(stop),
  radius: stop.radius,
  outline: null,
  bearing: null,
  cooldown: COOLDOWN,
}))

export function stopAt(id: number): Stop {
  return GROUND.find((stop) => stop.id === id)!
}

export const TRIEU_MIEU = 15
export const THAI_MIEU = 16
export const HIEN_NHON = 24

/** The same stops, where three zones end at a wall. */
export const WALLED: readonly Stop[] = GROUND.map((stop) => {
  if (stop.id === TRIEU_MIEU) return { ...stop, radius: null, outline: court(THAI_MIEU, stop) }
  if (stop.id === THAI_MIEU) return { ...stop, radius: null, outline: court(TRIEU_MIEU, stop) }
  if (stop.id === HIEN_NHON) return { ...stop, radius: null, outline: inner(stop) }
  return stop
})

/** A court of 40 m width that ends at the wall half-way to its neighbour. */
function court(neighbour: number, stop: Stop): Spot[] {
  const { along, across, half } = between(stop, stopAt(neighbour))
  const corner = (a: number, b: number) => shift(stop, along, a, across, b)
  return [corner(half, -20), corner(half, 20), corner(-20, 20), corner(-20, -20)]
}

/** Inside the gate: the street outside begins at the wall, 4 m behind the point. */
function inner(stop: Stop): Spot[] {
  const { along, across } = between(stop, { x: 0, y: 0 })
  const corner = (a: number, b: number) => shift(stop, along, a, across, b)
  return [corner(-4, -20), corner(-4, 20), corner(25, 20), corner(25, -20)]
}

export function between(from: Spot, to: Spot) {
  const length = Math.hypot(to.x - from.x, to.y - from.y)
  const along = { x: (to.x - from.x) / length, y: (to.y - from.y) / length }
  return { along, across: { x: -along.y, y: along.x }, half: length / 2 }
}

export function shift(from: Spot, along: Spot, a: number, across: Spot, b: number): Spot {
  return { x: from.x + a * along.x + b * across.x, y: from.y + a * along.y + b * across.y }
}
