import { expect, it } from 'vitest'
import { doorsInWords } from './opening'

const EVENING = new Date('2026-11-22T20:00:00+07:00')
const open = { open_now: true, opens_at: null, closes_at: null }
const closed = { open_now: false, opens_at: null, closes_at: null }

it('says until when an open place is open', () => {
  const at = '2026-11-22T21:00:00+07:00'
  expect(doorsInWords({ ...open, closes_at: at }, EVENING)).toEqual({ say: 'open_until', at })
  expect(doorsInWords(open, EVENING)).toEqual({ say: 'open' })
})

it.each([
  ['2026-11-22T21:00:00+07:00', { say: 'opens_today' }],
  ['2026-11-23T07:00:00+07:00', { say: 'opens_tomorrow' }],
  ['2026-11-24T07:00:00+07:00', { say: 'opens_on', day: '2026-11-24' }],
])('says that a closed place opens again %s', (at, words) => {
  expect(doorsInWords({ ...closed, opens_at: at }, EVENING)).toEqual({ ...words, at })
})

it('promises nothing where nothing is known', () => {
  expect(doorsInWords(closed, EVENING)).toEqual({ say: 'closed' })
  expect(doorsInWords({ ...closed, open_now: null }, EVENING)).toEqual({ say: 'unknown' })
})
