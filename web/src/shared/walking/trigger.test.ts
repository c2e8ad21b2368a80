import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { toBorder } from './plane'
import { settle, type Reading } from './position'
import { FAR, NEAR, REST, nextReading, stay } from './sampling'
import { START, listen, walk, type Situation, type State, type Stop } from './trigger'
import { GROUND, WALLED } from './walks/ground'
import { play, sum, type Walk } from './walks/score'

const OPEN: Situation = { allowed: true, speaking: false }
const GATE: Stop = {
  id: 1,
  x: 0,
  y: 0,
  radius: 25,
  outline: null,
  bearing: null,
  cooldown: 600_000,
}

function at(seconds: number, x: number, y = 0, more: Partial<Reading> = {}): Reading {
  return { at: seconds * 1000, x, y, accuracy: 5, heading: null, ...more }
}

/** All starts on a way, each with its second. */
function starts(
  readings: readonly Reading[],
  stops: readonly Stop[] = [GATE],
  now: Situation = OPEN,
  from: State = START,
): [number, number][] {
  let state = from
  const found: [number, number][] = []
  for (const reading of readings) {
    const step = walk(state, reading, stops, now)
    state = step.state
    if (step.start !== null) found.push([step.start, reading.at / 1000])
  }
  return found
}

const standing = (from: number, to: number, x = 0) =>
  Array.from({ length: (to - from) / 2 }, (_, step) => at(from + 2 * step, x))

describe('what starts by itself', () => {
  test('whoever stays at a stop hears it after some seconds, once', () => {
    expect(starts(standing(0, 300))).toEqual([[1, 4]])
  })

  test('nothing starts without consent', () => {
    expect(starts(standing(0, 300), [GATE], { allowed: false, speaking: false })).toEqual([])
  })

  test('nothing starts while something speaks', () => {
    expect(starts(standing(0, 300), [GATE], { allowed: true, speaking: true })).toEqual([])
  })

  test('a stop that was started by number does not start again by itself', () => {
    expect(starts(standing(0, 300), [GATE], OPEN, listen(START, 1, 0))).toEqual([])
  })

  test('it starts again only after it was left and its time is over', () => {
    const back = (gone: number) => [
      ...standing(0, 10),
      ...standing(10, 10 + gone, 120),
      ...standing(10 + gone, 60 + gone),
    ]

    expect(starts(back(300)).length).toBe(1)
    expect(starts(back(700)).length).toBe(2)
  })

  test('between two stops that are equally near nothing starts', () => {
    const other = { ...GATE, id: 2, x: 20 }

    expect(starts(standing(0, 60, 10), [GATE, other])).toEqual([])
    expect(starts(standing(0, 60, 2), [GATE, other])).toEqual([[1, 4]])
  })

  test('a stop to look at waits for somebody who looks there', () => {
    const north = { ...GATE, bearing: 0 }
    const looking = (heading: number) => standing(0, 20).map((reading) => ({ ...reading, heading }))

    expect(starts(looking(180), [north])).toEqual([])
    expect(starts(looking(350), [north])).toEqual([[1, 4]])
  })

  test('a stop without a zone never starts', () => {
    expect(starts(standing(0, 60), [{ ...GATE, radius: null }])).toEqual([])
  })
})

describe('where the visitor is', () => {
  test('a poor reading and one from before change nothing', () => {
    const here = settle(null, at(10, 0))

    expect(settle(here, at(12, 5, 0, { accuracy: 60 }))).toBe(here)
    expect(settle(here, at(9, 5))).toBe(here)
  })

  test('a single jump is not believed, a lasting one is', () => {
    let here = settle(null, at(0, 0))
    here = settle(here, at(2, 200))
    expect(here?.x).toBe(0)
    for (const second of [4, 6, 8]) here = settle(here, at(second, 200))
    expect(here?.x).toBe(200)
  })

  test('the border of an outline is as far as it is', () => {
    const square = [
      { x: 0, y: 0 },
      { x: 10, y: 0 },
      { x: 10, y: 10 },
      { x: 0, y: 10 },
    ]

    expect(toBorder({ x: 5, y: 4 }, square)).toBe(-4)
    expect(toBorder({ x: 13, y: 14 }, square)).toBe(5)
  })
})

describe('how often the phone is asked', () => {
  const where = (x: number, second = 0) => settle(null, at(second, x))

  test('rarely and roughly far away, every two seconds near a stop, less at rest', () => {
    expect(nextReading(null, [GATE], null)).toBe(NEAR)
    expect(nextReading(where(500), [GATE], null)).toBe(FAR)
    expect(nextReading(where(40), [GATE], null)).toBe(NEAR)
    expect(nextReading(where(0, 200), [GATE], { x: 0, y: 0, since: 0 })).toBe(REST)
  })

  test('who walks on stays nowhere', () => {
    const here = stay(null, where(0)!)

    expect(stay(here, where(14, 60)!)).toBe(here)
    expect(stay(here, where(16, 60)!)).toEqual({ x: 16, y: 0, since: 60_000 })
  })

  test('nobody reaches a stop between two readings', () => {
    for (let metres = 26; metres < 400; metres++) {
      const next = nextReading(where(metres), [GATE], null)
      if (next === FAR) expect(metres - 25).toBeGreaterThan((1.4 * FAR.wait) / 1000)
    }
  })
})

describe('recorded walks', () => {
  const text = readFileSync(new URL('walks/walks.jsonl', import.meta.url), 'utf-8')
  const walks = text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Walk)
  const scores = walks.map((one) => play(one, one.kind.includes('wall') ? WALLED : GROUND))

  test('the right stop speaks, hardly ever a wrong one, and none twice', () => {
    const all = sum(scores)
    process.stderr.write(`walks: ${JSON.stringify(all)}\n`)

    expect(walks.length).toBeGreaterThanOrEqual(50)
    expect(all.visits).toBeGreaterThan(150)
    expect(all.heard / all.visits).toBeGreaterThanOrEqual(0.98)
    expect(all.wrong / all.starts).toBeLessThanOrEqual(0.01)
    expect(all.repeated).toBe(0)
  })

  test('a phone is asked exactly at most half of the time', () => {
    const all = sum(scores)

    expect(all.exact / all.seconds).toBeLessThanOrEqual(0.5)
  })

  test('each kind of walk is well walked', () => {
    const kinds = [...new Set(walks.map((one) => one.kind))]
    for (const kind of kinds) {
      const all = sum(scores.filter((_, index) => walks[index]!.kind === kind))
      process.stderr.write(`${kind}: ${JSON.stringify(all)}\n`)
      expect(all.wrong, kind).toBeLessThanOrEqual(1)
      expect(all.heard, kind).toBeGreaterThanOrEqual(all.visits - 1)
    }
    const outside = sum(scores.filter((_, index) => walks[index]!.kind === 'outside the wall'))
    expect(outside.starts).toBe(0)
  })

  test('the scorer sees wrong stops and stops that keep silent', () => {
    const aside = GROUND.map((stop) => ({ ...stop, x: stop.x + 35 }))
    const silent = GROUND.map((stop) => ({ ...stop, radius: null }))
    const first = walks.slice(0, 7)

    const misled = sum(first.map((one) => play(one, aside, GROUND)))
    const quiet = sum(first.map((one) => play(one, silent, GROUND)))

    expect(misled.wrong / misled.starts).toBeGreaterThan(0.2)
    expect([quiet.heard, quiet.visits]).toEqual([0, 35])
  })
})
