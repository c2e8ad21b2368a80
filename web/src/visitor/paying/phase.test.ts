import { expect, it } from 'vitest'
import type { Order } from '../api'
import { codeEnds, isPartPaid, openPayment, phaseOf } from './phase'

const NOW = new Date('2026-11-22T03:00:00Z')
const here = { gaveUp: false, now: NOW }
const none = { amount: 0, currency: 'VND' as const }

const held = { status: 'held', expires_at: '2026-11-22T10:20:00+07:00' }

function tried(...payments: object[]): Order {
  const basic = { received: none, missing: none, action: { kind: 'none' } }
  return { ...held, payments: payments.map((one) => ({ ...basic, ...one })) } as Order
}

const code = {
  provider: 'vietqr',
  status: 'awaiting',
  action: { kind: 'qr', expires_at: '2026-11-22T10:15:00+07:00' },
}
const page = { provider: 'vnpay', status: 'awaiting', action: { kind: 'redirect', url: '/' } }

it('lets the buyer choose while nothing is open', () => {
  expect(phaseOf(tried(), here).phase).toBe('choose')
  expect(phaseOf(tried({ provider: 'stripe', status: 'failed' }), here).phase).toBe('choose')
})

it('shows the code until its time is over, and then warns of it', () => {
  expect(phaseOf(tried(code), here).phase).toBe('code')
  const late = { gaveUp: false, now: new Date('2026-11-22T03:15:00Z') }
  expect(phaseOf(tried(code), late).phase).toBe('code_over')
})

it('lets nobody send money after the places are free again', () => {
  const order = { ...tried(code), expires_at: '2026-11-22T10:05:00+07:00' }
  expect(codeEnds(order, order.payments[0]!)).toBe(order.expires_at)
  const late = { gaveUp: false, now: new Date('2026-11-22T03:05:00Z') }
  expect(phaseOf(order, late).phase).toBe('code_over')
})

it('checks while a page is open, unless the buyer left it by cancel', () => {
  expect(phaseOf(tried(page), here).phase).toBe('page')
  expect(phaseOf(tried(page), { ...here, gaveUp: true }).phase).toBe('choose')
})

it('asks for no money once some was seen, whatever was opened after it', () => {
  expect(phaseOf(tried({ ...page, status: 'succeeded' }, code), here).phase).toBe('seen')
  expect(phaseOf(tried({ ...page, status: 'review' }), { ...here, gaveUp: true }).phase).toBe(
    'seen',
  )
})

it('knows the try that may still bring money', () => {
  expect(openPayment(tried(page))?.provider).toBe('vnpay')
  expect(openPayment(tried({ ...page, status: 'expired' }))).toBeNull()
  expect(openPayment(tried())).toBeNull()
})

it('knows a part from the whole', () => {
  const part = { ...code, received: { amount: 150_000 }, missing: { amount: 50_000 } }
  expect(isPartPaid(tried(part).payments[0]!)).toBe(true)
  expect(isPartPaid(tried(code).payments[0]!)).toBe(false)
})
