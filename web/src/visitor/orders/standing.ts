import type { Order } from '../api'

/** Where an order stands, in the few states that a buyer tells apart. */
export type Standing = 'paid' | 'checking' | 'to_pay' | 'lapsed' | 'cancelled'

interface Circumstances {
  /** The buyer came back from the payment page by its "cancel". */
  gaveUp: boolean
  now: Date
}

const OPEN = ['created', 'awaiting', 'review']

export function standingOf(order: Order, { gaveUp, now }: Circumstances): Standing {
  if (order.status === 'paid' || order.status === 'cancelled') return order.status
  const attempt = newestAttempt(order)
  const moneyMayCome = attempt !== undefined && OPEN.includes(attempt.status)
  // Money that arrived and was not counted yet outranks a hold that has ended.
  const counted = attempt?.status === 'succeeded' && !comesBack(order)
  if (counted || (moneyMayCome && !gaveUp)) return 'checking'
  const ended = order.status === 'lapsed' || new Date(order.expires_at) <= now
  return ended ? 'lapsed' : 'to_pay'
}

/** Money came that this order could not take any more: it is on its way back. */
export function comesBack(order: Order): boolean {
  const refunded = order.payments.some((payment) => (payment.refunds ?? []).length > 0)
  return order.status !== 'paid' && refunded
}

/** True when the last try to pay ended without money. */
export function lastTryFailed(order: Order): boolean {
  const attempt = newestAttempt(order)
  return attempt?.status === 'failed' || attempt?.status === 'expired'
}

function newestAttempt(order: Order): Order['payments'][number] | undefined {
  return order.payments.at(-1)
}

/** "mm:ss" until the hold ends. */
export function countdown(expiresAt: string, now: Date): string {
  const seconds = Math.max(0, Math.floor((Date.parse(expiresAt) - now.getTime()) / 1000))
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
}
