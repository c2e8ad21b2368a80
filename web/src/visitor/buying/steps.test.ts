import { expect, it } from 'vitest'
import { stepAt, stepsFor } from './steps'

const all = stepsFor({ day: true, time: true })

it('asks only what this purchase needs', () => {
  expect(stepsFor({ day: true, time: false })).toEqual(['day', 'tickets', 'contact'])
  expect(stepsFor({ day: false, time: false })).toEqual(['tickets', 'contact'])
  expect(all).toEqual(['day', 'tickets', 'time', 'contact'])
})

it('lets nobody land behind an open question', () => {
  expect(stepAt(null, all, { people: 0, timesMissing: true })).toBe('day')
  expect(stepAt('contact', all, { people: 0, timesMissing: true })).toBe('tickets')
  expect(stepAt('contact', all, { people: 2, timesMissing: true })).toBe('time')
  expect(stepAt('contact', all, { people: 2, timesMissing: false })).toBe('contact')
  expect(stepAt('day', stepsFor({ day: false, time: false }), { people: 0, timesMissing: false })) //
    .toBe('tickets')
})
