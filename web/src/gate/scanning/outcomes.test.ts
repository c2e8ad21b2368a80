import { expect, it } from 'vitest'
import en from '../messages/en.json'
import vi from '../messages/vi.json'
import { TONES, toneOf, wordOf } from './outcomes'

/** The complete list of the API, written here once more on purpose. */
const OUTCOMES = [
  'admitted',
  'already_admitted',
  'party_exhausted',
  'wrong_site',
  'not_yet_valid',
  'expired',
  'wrong_slot',
  'unpaid',
  'cancelled',
  'revoked',
  'unknown',
  'forged',
  'check_document',
  'too_soon',
  'needs_sync',
  'device_blocked',
]

it('has a colour for each of the 16 outcomes and for no other', () => {
  expect(Object.keys(TONES).sort()).toEqual([...OUTCOMES].sort())
})

it('shows green for admitted alone', () => {
  expect(OUTCOMES.filter((outcome) => toneOf(outcome) === 'go')).toEqual(['admitted'])
})

it.each(OUTCOMES)('has a word for %s in both languages', (outcome) => {
  const key = wordOf(outcome)
  expect([key in vi, key in en]).toEqual([true, true])
})

it('asks for a person when a newer server says something new', () => {
  expect(toneOf('moon_closed')).toBe('person')
  expect(wordOf('moon_closed')).toBe('outcome.other')
  expect(toneOf('toString')).toBe('person')
})
