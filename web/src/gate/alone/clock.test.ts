import { expect, it } from 'vitest'
import { Clock } from './clock'

const HOUR = 3_600_000
const DAY = 24 * HOUR
const SERVER = 1_795_309_200_000

let wall = SERVER - 5 * 60_000
let ticks = 0
const pass = (milliseconds: number): void => {
  wall += milliseconds
  ticks += milliseconds
}

function heardClock(): Clock {
  wall = SERVER - 5 * 60_000
  ticks = 0
  const clock = new Clock(
    () => wall,
    () => ticks,
  )
  clock.heard(SERVER, 400)
  return clock
}

it('follows the server, half a journey later', () => {
  const clock = heardClock()
  pass(10_000)
  expect(clock.nowMs()).toBe(SERVER + 200 + 10_000)
  expect(clock.checkedAt).toBe(Math.floor(SERVER / 1000))
})

it('goes on when somebody sets the phone back by a day', () => {
  const clock = heardClock()
  pass(HOUR)
  wall -= DAY
  pass(HOUR)
  expect(clock.nowMs()).toBe(SERVER + 200 + 2 * HOUR)
  expect(clock.wasSetBack).toBe(true)
})

it('follows the wall clock over a sleep in which the page counted nothing', () => {
  const clock = heardClock()
  wall += 8 * HOUR
  expect(clock.nowMs()).toBe(SERVER + 200 + 8 * HOUR)
})

it('never goes behind what it knew, and is not believed, when it was set back before a reload', () => {
  const before = heardClock()
  pass(HOUR)
  const kept = before.facts()!
  wall -= DAY
  const after = new Clock(
    () => wall,
    () => ticks,
  )
  after.restore(kept)
  pass(60_000)
  expect(after.nowMs()).toBe(SERVER + 200 + HOUR + 60_000)
  expect([after.wasSetBack, after.checkedAt]).toEqual([true, null])
})

it('is believed again after the server was heard', () => {
  const clock = heardClock()
  wall -= DAY
  clock.nowMs()
  clock.heard(SERVER + HOUR)
  expect([clock.wasSetBack, clock.checkedAt]).toEqual([false, (SERVER + HOUR) / 1000])
})

it('goes on where it was after an honest reload', () => {
  const kept = heardClock().facts()
  const after = new Clock(
    () => wall,
    () => ticks,
  )
  after.restore(kept)
  pass(1_000)
  expect([after.nowMs(), after.wasSetBack]).toEqual([SERVER + 200 + 1_000, false])
})
