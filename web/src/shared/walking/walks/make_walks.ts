/**
 * Draws the walks of walks.jsonl: `node src/shared/walking/walks/make_walks.ts`. Each is one line:
 * what the phone said every two seconds, and where the visitor really was.
 */
import { writeFileSync } from 'node:fs'
import { bearing, type Spot } from '../plane.ts'
import { Chance } from './chance.ts'
import { GROUND, HIEN_NHON, THAI_MIEU, TRIEU_MIEU, between, shift, stopAt } from './ground.ts'

/** How wrong a phone is: metres of slow and of fresh error, and what else goes wrong. */
interface Phone {
  drift: number
  /** Seconds for which the slow error stays much the same. */
  keeps: number
  fresh: number
  gaps?: number
  jumps?: number
}

const STEP = 2
const SEEDS = 7
const CLEAN: Phone = { drift: 1.5, keeps: 60, fresh: 1 }
const USUAL: Phone = { drift: 3, keeps: 60, fresh: 1.5 }

/** Where the visitor is at every step. */
type Path = Spot[]

class Feet {
  readonly path: Path = []
  private readonly chance: Chance

  constructor(chance: Chance, start: Spot) {
    this.chance = chance
    this.path.push(start)
  }

  to(spot: Spot, pace = this.chance.between(0.9, 1.5)): this {
    const from = this.path.at(-1)!
    const steps = Math.max(
      Math.round(Math.hypot(spot.x - from.x, spot.y - from.y) / (pace * STEP)),
      1,
    )
    for (let step = 1; step <= steps; step++)
      this.path.push({
        x: from.x + ((spot.x - from.x) * step) / steps,
        y: from.y + ((spot.y - from.y) * step) / steps,
      })
    return this
  }

  stay(seconds: number): this {
    const here = this.path.at(-1)!
    for (let step = 0; step < seconds / STEP; step++)
      this.path.push({ x: here.x + this.chance.normal(0.5), y: here.y + this.chance.normal(0.5) })
    return this
  }

  /** Stand somewhere near the point and look at it for a while. */
  visit(stop: Spot): this {
    const near = { x: stop.x + this.chance.normal(3), y: stop.y + this.chance.normal(3) }
    return this.to(near).stay(this.chance.between(60, 100))
  }
}

function tour(chance: Chance, howMany: number): Path {
  const there = GROUND.filter((stop) => stop.radius !== null)
  const first = Math.floor(chance.between(0, there.length - howMany + 1))
  const chosen = there.slice(first, first + howMany)
  if (chance.next() < 0.5) chosen.reverse()
  const feet = new Feet(chance, { x: chosen[0]!.x + 40, y: chosen[0]!.y - 20 })
  for (const stop of chosen) feet.visit(stop)
  return feet.path
}

/** In one court, then along its wall, then through the other court. */
function bothCourts(chance: Chance): Path {
  const here = stopAt(chance.next() < 0.5 ? TRIEU_MIEU : THAI_MIEU)
  const other = stopAt(here.id === TRIEU_MIEU ? THAI_MIEU : TRIEU_MIEU)
  const { along, across, half } = between(here, other)
  const wall = half - chance.between(6, 9)
  const feet = new Feet(chance, shift(here, along, -18, across, -15))
  feet.visit(here)
  for (const side of [-14, 14, -14]) feet.to(shift(here, along, wall, across, side)).stay(20)
  feet.to(shift(here, along, wall, across, 30), 1.2)
  feet.to(shift(here, along, half + 20, across, 30), 1.2)
  return feet.visit(other).path
}

/** Along the street outside the east wall, where no stop is. */
function outside(chance: Chance): Path {
  const gate = stopAt(HIEN_NHON)
  const { along, across } = between(gate, { x: 0, y: 0 })
  const off = -chance.between(12, 16)
  const feet = new Feet(chance, shift(gate, along, off, across, -90))
  feet.to(shift(gate, along, off, across, 0)).stay(chance.between(20, 60))
  return feet.to(shift(gate, along, off, across, 90)).path
}

/** Stand long, walk around the stop, go away and come back: heard once. */
function comingBack(chance: Chance): Path {
  const stop = GROUND.filter((each) => each.radius !== null)[Math.floor(chance.between(0, 12))]!
  const feet = new Feet(chance, { x: stop.x + 60, y: stop.y }).visit(stop).stay(120)
  feet
    .to({ x: stop.x + 22, y: stop.y + 10 })
    .to({ x: stop.x - 10, y: stop.y + 5 })
    .stay(60)
  return feet
    .to({ x: stop.x - 45, y: stop.y + 40 })
    .stay(40)
    .visit(stop).path
}

/** What the phone says on the way. */
function seen(path: Path, phone: Phone, chance: Chance): number[][] {
  const keep = Math.exp(-STEP / phone.keeps)
  const fresh = Math.sqrt(1 - keep ** 2) * phone.drift
  let drift = { x: chance.normal(phone.drift), y: chance.normal(phone.drift) }
  let silentUntil = 0
  let jump = { until: 0, x: 0, y: 0 }
  const rows: number[][] = []
  path.forEach((truth, index) => {
    const at = index * STEP
    drift = {
      x: keep * drift.x + chance.normal(fresh),
      y: keep * drift.y + chance.normal(fresh),
    }
    if (chance.next() < (phone.gaps ?? 0)) silentUntil = at + chance.between(10, 50)
    if (at > jump.until + 30 && chance.next() < (phone.jumps ?? 0))
      jump = { until: at + chance.between(2, 5), x: chance.normal(30), y: chance.normal(30) }
    if (at < silentUntil) return
    const off = at <= jump.until ? jump : { x: 0, y: 0 }
    const x = truth.x + drift.x + off.x + chance.normal(phone.fresh)
    const y = truth.y + drift.y + off.y + chance.normal(phone.fresh)
    const accuracy = Math.max(Math.hypot(phone.drift, phone.fresh) * chance.between(1.1, 2.2), 3)
    const last = path[index - 2] ?? truth
    const moves = Math.hypot(truth.x - last.x, truth.y - last.y) > 1.5
    const heading = moves ? Math.round(bearing(last, truth)) : -1
    const tenths = [x, y, accuracy, truth.x, truth.y].map((metres) => Math.round(metres * 10))
    rows.push([at, ...tenths.slice(0, 3), heading, ...tenths.slice(3)] as number[])
  })
  return rows
}

const KINDS: Record<string, [Phone, (chance: Chance) => Path]> = {
  clean: [CLEAN, (chance) => tour(chance, 5)],
  noise: [{ drift: 3, keeps: 40, fresh: 3 }, (chance) => tour(chance, 5)],
  drift: [{ drift: 5, keeps: 150, fresh: 1.5 }, (chance) => tour(chance, 5)],
  gaps: [{ ...USUAL, gaps: 0.015 }, (chance) => tour(chance, 5)],
  jumps: [{ ...USUAL, jumps: 0.03 }, (chance) => tour(chance, 5)],
  'both sides of a wall': [USUAL, bothCourts],
  'outside the wall': [USUAL, outside],
  'coming back': [USUAL, comingBack],
}

const lines = Object.entries(KINDS).flatMap(([kind, [phone, path]], place) =>
  Array.from({ length: SEEDS }, (_, number) => {
    const chance = new Chance(1000 * (place + 1) + number)
    return JSON.stringify({ kind, number, readings: seen(path(chance), phone, chance) })
  }),
)
writeFileSync(new URL('walks.jsonl', import.meta.url), `${lines.join('\n')}\n`)
