import { expect, it } from 'vitest'
import type { Opening } from './change_page.svelte'
import { byDay, hasRoom } from './opening_days'

function opening(day: string, said: Partial<Opening> = {}): Opening {
  return { visit_date: day, status: 'available', remaining: null, reason: null, ...said } as Opening
}

it.each([
  ['nobody counts', {}, true],
  ['exactly so many fit', { remaining: 3 }, true],
  ['fewer fit', { status: 'limited' as const, remaining: 2 }, false],
  ['it is sold out', { status: 'sold_out' as const, remaining: 0 }, false],
  ['it is closed', { status: 'closed' as const }, false],
])('says whether three people fit when %s', (_what, said, room) => {
  expect(hasRoom(opening('2026-12-01', said), 3)).toBe(room)
})

it('opens a day when one of its times has room', () => {
  const full = { status: 'sold_out' as const, remaining: 0 }
  const days = byDay(
    [
      opening('2026-12-01', { slot_id: 1, ...full }),
      opening('2026-12-01', { slot_id: 2, remaining: 9 }),
      opening('2026-12-02', { slot_id: 3, ...full }),
    ],
    2,
  )
  expect(days.map((day) => [day.day, day.times.length, day.open])).toEqual([
    ['2026-12-01', 2, true],
    ['2026-12-02', 1, false],
  ])
})

it('gives the reason of a day on which nobody can come', () => {
  const reason = { code: 'closure' as const, text: 'Restoration' }
  expect(byDay([opening('2026-12-01', { status: 'closed', reason })], 1)[0]).toMatchObject({
    open: false,
    reason: 'Restoration',
  })
})
