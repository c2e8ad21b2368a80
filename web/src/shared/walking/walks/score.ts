import { apart, type Spot } from '../plane'
import { nextReading, stay, type Stay } from '../sampling'
import { START, toZone, walk, type Stop } from '../trigger'

/**
 * Plays a walk to the engine, with the pauses that save the battery, and counts what it did against
 * where the visitor really was.
 */

export interface Walk {
  kind: string
  number: number
  /** Seconds, then tenths of metres: seen x, y, accuracy; heading or -1; true x, y. */
  readings: readonly (readonly number[])[]
}

export interface Score {
  /** Exact positions that were asked for, and the seconds that the walk took. */
  exact: number
  seconds: number
  /** Stops at which the visitor stayed, and how many of them spoke in that time. */
  visits: number
  heard: number
  starts: number
  wrong: number
  repeated: number
}

/** Seconds that a stop speaks. */
const SPEAKS = 30
/** Whoever stays so many seconds so near, in metres, visits the stop. */
const VISIT = 40
const NEAR = 10
/** A start is right up to so many metres beside the zone, or beside the nearest stop. */
const FAIR = 3

interface Moment extends Spot {
  at: number
}

/** `really` is where the stops are; the engine may have been told something else. */
export function play(one: Walk, stops: readonly Stop[], really = stops): Score {
  const starts: { stop: Stop; truth: Moment }[] = []
  let state = START
  let silentFrom = 0
  let asked = 0
  let exact = 0
  let stays: Stay | null = null
  for (const [at, x, y, accuracy, heading, trueX, trueY] of one.readings as number[][]) {
    if (at! < asked) continue
    const reading = {
      at: at! * 1000,
      x: x! / 10,
      y: y! / 10,
      accuracy: accuracy! / 10,
      heading: heading! < 0 ? null : heading!,
    }
    const step = walk(state, reading, stops, { allowed: true, speaking: at! < silentFrom })
    state = step.state
    if (state.position) stays = stay(stays, state.position)
    const next = nextReading(state.position, stops, stays)
    asked = at! + next.wait / 1000
    exact += Number(next.exact)
    if (step.start === null) continue
    silentFrom = at! + SPEAKS
    const stop = really.find((each) => each.id === step.start)!
    starts.push({ stop, truth: { at: at!, x: trueX! / 10, y: trueY! / 10 } })
  }
  const visits = visitsOf(one, really)
  return {
    exact,
    seconds: one.readings.at(-1)?.[0] ?? 0,
    visits: visits.length,
    heard: visits.filter(({ stop, until }) =>
      starts.some((start) => start.stop.id === stop.id && start.truth.at <= until),
    ).length,
    starts: starts.length,
    wrong: starts.filter(({ stop, truth }) => !isRight(stop, truth, really)).length,
    repeated: starts.length - new Set(starts.map(({ stop }) => stop.id)).size,
  }
}

/** The stop is where the visitor is, and no other is clearly nearer. */
function isRight(stop: Stop, truth: Spot, stops: readonly Stop[]): boolean {
  if ((toZone(truth, stop) ?? Infinity) > FAIR) return false
  return stops
    .filter((other) => (toZone(truth, other) ?? Infinity) < 0)
    .every((other) => apart(truth, stop) <= apart(truth, other) + FAIR)
}

function visitsOf(one: Walk, stops: readonly Stop[]): { stop: Stop; until: number }[] {
  return stops
    .filter((stop) => stop.radius !== null || stop.outline !== null)
    .flatMap((stop) => {
      const near = one.readings.filter(
        (row) => apart({ x: row[5]! / 10, y: row[6]! / 10 }, stop) <= NEAR,
      )
      const until = near.at(-1)?.[0] ?? 0
      return near.length && until - near[0]![0]! >= VISIT ? [{ stop, until }] : []
    })
}

export function sum(scores: readonly Score[]): Score {
  const zero = { exact: 0, seconds: 0, visits: 0, heard: 0, starts: 0, wrong: 0, repeated: 0 }
  return scores.reduce((all, one) => {
    const next = { ...all }
    for (const key of Object.keys(zero) as (keyof Score)[]) next[key] += one[key]
    return next
  }, zero)
}
