import { expect, it } from 'vitest'
import { SIGNALS } from './signals'

const all = Object.values(SIGNALS)

it('sounds and feels different for each colour', () => {
  expect(new Set(all.map(({ notes, wave }) => JSON.stringify([notes, wave]))).size).toBe(3)
  expect(new Set(all.map(({ vibration }) => String(vibration))).size).toBe(3)
})

it('is over before the next visitor stands there', () => {
  for (const { notes } of all)
    expect(Math.max(...notes.map(({ from, seconds }) => from + seconds))).toBeLessThan(0.8)
})
