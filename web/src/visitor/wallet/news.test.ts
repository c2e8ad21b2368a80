// @vitest-environment happy-dom
import { expect, it } from 'vitest'
import type { Order } from '../api'
import type { StoredOrder } from './database'
import { isTouchedByClosure, mayHaveNews } from './news'

const NOON = new Date('2026-11-22T12:00:00+07:00')

function stored(code: string, valid_until: string, left = 1, status = 'valid'): StoredOrder {
  const ticket = {
    ...{ status, valid_until, closures: [{ site: 'tomb' }] },
    remaining_entries: [
      { site: 'palace', left: 1 },
      { site: 'tomb', left },
    ],
  }
  return { code, order: { code, tickets: [ticket] } as unknown as Order } as StoredOrder
}

it('asks only about orders with a ticket that can still be used', () => {
  const orders = [
    stored('today', '2026-11-23T00:00:00+07:00'),
    stored('over', '2026-11-22T00:00:00+07:00'),
    stored('cancelled', '2026-11-23T00:00:00+07:00', 1, 'cancelled'),
  ]
  expect(mayHaveNews(orders, NOON).map(({ code }) => code)).toEqual(['today'])
})

it('marks an order while somebody has yet to see the closed place', () => {
  const until = '2026-11-23T00:00:00+07:00'
  expect(isTouchedByClosure(stored('one', until).order)).toBe(true)
  expect(isTouchedByClosure(stored('one', until, 0).order)).toBe(false)
})
