import { expect, it } from 'vitest'
import { mondayOf, weeksFrom } from './calendar'

it('begins weeks on Monday, across months and years', () => {
  expect(mondayOf('2026-11-22')).toBe('2026-11-16')
  expect(mondayOf('2026-11-23')).toBe('2026-11-23')
  expect(mondayOf('2027-01-01')).toBe('2026-12-28')
})

it('holds every day that is asked for in whole weeks', () => {
  const weeks = weeksFrom('2026-11-22', 9)
  expect(weeks.map((week) => [week[0], week[6]])).toEqual([
    ['2026-11-16', '2026-11-22'],
    ['2026-11-23', '2026-11-29'],
    ['2026-11-30', '2026-12-06'],
  ])
})
