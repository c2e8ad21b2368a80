import { expect, it } from 'vitest'
import { nextChange } from './opening'

const EVENING = new Date('2026-11-22T20:00:00+07:00')

it('says when an open place closes', () => {
  const at = '2026-11-22T21:00:00+07:00'
  expect(nextChange(true, at, EVENING)).toEqual({ say: 'closes', at })
})

it.each([
  ['2026-11-22T21:00:00+07:00', { say: 'opens_today' }],
  ['2026-11-23T07:00:00+07:00', { say: 'opens_tomorrow' }],
  ['2026-11-24T07:00:00+07:00', { say: 'opens_on', day: '2026-11-24' }],
])('says that a closed place opens again %s', (at, change) => {
  expect(nextChange(false, at, EVENING)).toEqual({ ...change, at })
})
