import { expect, it } from 'vitest'
import { isTimed, markOf, nearest, reasonsOf, stateOf, type Opening } from './times'

function opening(hour: number, change: Partial<Opening> = {}): Opening {
  const clock = String(hour).padStart(2, '0')
  return {
    id: hour,
    visit_date: '2026-11-24',
    slot_id: hour,
    starts_at: `2026-11-24T${clock}:00:00+07:00`,
    ends_at: `2026-11-24T${clock}:59:00+07:00`,
    status: 'available',
    remaining: 10,
    reason: null,
    closed_sites: [],
    notices: [],
    ...change,
  }
}

const full = { status: 'sold_out', remaining: 0, reason: { code: 'sold_out', text: 'Hết vé.' } }
const held = { status: 'sold_out', reason: { code: 'held_by_others', text: 'Đang giữ.' } }
const shut = { status: 'closed', reason: { code: 'closed', text: 'Lễ tế.' } }
const made = (hour: number, change: object): Opening => opening(hour, change as Partial<Opening>)

it('tells products with times from those with days', () => {
  expect(isTimed([opening(9)])).toBe(true)
  expect(isTimed([made(0, { slot_id: null })])).toBe(false)
  // A calendar with nothing in it yet, and a list that did not come.
  expect([isTimed([]), isTimed(undefined)]).toEqual([true, false])
})

it('says why people do not fit', () => {
  expect(stateOf(opening(9), 10)).toBe('room')
  expect(stateOf(opening(9), 11)).toBe('few')
  expect(stateOf(made(9, { remaining: null }), 500)).toBe('room')
  expect([full, held, shut].map((one) => stateOf(made(9, one), 1))).toEqual([
    'full',
    'held',
    'shut',
  ])
})

it('names the nearest times with room, the earlier one first at a tie', () => {
  const found = nearest(
    [opening(8), opening(9), made(11, full), opening(12), opening(14), opening(15)],
    '2026-11-24T11:00:00+07:00',
    4,
  )
  expect(found.map(({ id }) => id)).toEqual([12, 9, 8, 14, 15])
})

it('says each reason once', () => {
  const reasons = reasonsOf([opening(8), made(9, held), made(10, held), made(11, shut)])
  expect(reasons.map(({ text, about }) => [text, about.map(({ id }) => id)])).toEqual([
    ['Đang giữ.', [9, 10]],
    ['Lễ tế.', [11]],
  ])
})

it('marks a day by the best that it has', () => {
  expect(markOf([made(9, shut), made(10, full), opening(11)])).toBe('open')
  expect(markOf([made(9, shut), made(10, held)])).toBe('sold_out')
  expect(markOf([made(9, shut)])).toBe('closed')
  expect(markOf([])).toBe('unknown')
})
