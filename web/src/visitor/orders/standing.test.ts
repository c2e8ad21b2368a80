import { expect, it } from 'vitest'
import type { Order } from '../api'
import { comesBack, countdown, lastTryFailed, standingOf } from './standing'

const NOW = new Date('2026-11-22T03:00:00Z')
const held = {
  status: 'held',
  expires_at: '2026-11-22T10:35:00+07:00',
  payments: [] as unknown,
} as Order

function tried(...statuses: string[]): Order {
  const payments = statuses.map((status) => ({ status }))
  return { ...held, payments: payments as Order['payments'] }
}

const here = { gaveUp: false, now: NOW }
const cancelled = { gaveUp: true, now: NOW }

it('waits for money while a try is open', () => {
  expect(standingOf(tried('awaiting'), here)).toBe('checking')
  expect(standingOf(tried('failed', 'created'), here)).toBe('checking')
  expect(standingOf(tried('succeeded'), here)).toBe('checking')
})

it('offers to pay when nothing was tried, a try failed, or the buyer came back', () => {
  expect(standingOf(held, here)).toBe('to_pay')
  expect(standingOf(tried('awaiting', 'failed'), here)).toBe('to_pay')
  expect(standingOf(tried('awaiting'), cancelled)).toBe('to_pay')
})

it('still waits for money that is on its way when the hold has ended', () => {
  const late = { gaveUp: false, now: new Date('2026-11-22T04:00:00Z') }
  expect(standingOf(tried('awaiting'), late)).toBe('checking')
  expect(standingOf(held, late)).toBe('lapsed')
  expect(standingOf({ ...held, status: 'lapsed' }, here)).toBe('lapsed')
})

it('waits for nothing once money that came too late goes back', () => {
  const payments = [{ status: 'succeeded', refunds: [{ id: 1 }] }]
  const late = { ...held, status: 'lapsed', payments: payments as unknown } as Order
  expect(standingOf(late, here)).toBe('lapsed')
  expect([comesBack(late), comesBack({ ...late, status: 'paid' })]).toEqual([true, false])
})

it('believes the server about paid and cancelled', () => {
  expect(standingOf({ ...tried('failed'), status: 'paid' }, cancelled)).toBe('paid')
  expect(standingOf({ ...held, status: 'cancelled' }, here)).toBe('cancelled')
})

it('knows whether the last try failed', () => {
  expect(lastTryFailed(tried('failed'))).toBe(true)
  expect(lastTryFailed(tried('failed', 'awaiting'))).toBe(false)
})

it('counts down to zero and no further', () => {
  expect(countdown('2026-11-22T10:35:00+07:00', NOW)).toBe('35:00')
  expect(countdown('2026-11-22T10:00:09+07:00', NOW)).toBe('0:09')
  expect(countdown('2026-11-22T09:59:00+07:00', NOW)).toBe('0:00')
})
