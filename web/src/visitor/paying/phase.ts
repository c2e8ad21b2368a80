import type { Order } from '../api'

export type Payment = Order['payments'][number]

/** What an order that is not paid asks of its buyer, in the few ways that screens tell apart. */
export type Phase =
  /** No try is open: choose a way to pay. */
  | { phase: 'choose' }
  /** A bank app's code waits for its money. */
  | { phase: 'code'; payment: Payment }
  /** A page of a provider is open, or was left a moment ago. */
  | { phase: 'page'; payment: Payment }
  /** The code must not be used any more, but money sent by it may still come. */
  | { phase: 'code_over'; payment: Payment }
  /** Money was seen, or a person looks at it: nobody pays now. */
  | { phase: 'seen'; payment: Payment }

const OPEN = ['created', 'awaiting']
const SEEN = ['succeeded', 'review']

interface Circumstances {
  /** The buyer came back from a provider's page by its "cancel". */
  gaveUp: boolean
  now: Date
}

export function phaseOf(order: Order, { gaveUp, now }: Circumstances): Phase {
  const seen = order.payments.find((payment) => SEEN.includes(payment.status))
  if (seen) return { phase: 'seen', payment: seen }
  const payment = order.payments.at(-1)
  if (!payment || !OPEN.includes(payment.status)) return { phase: 'choose' }
  if (payment.action.kind === 'qr' || payment.provider === 'vietqr')
    return { phase: isUsable(order, payment, now) ? 'code' : 'code_over', payment }
  return gaveUp ? { phase: 'choose' } : { phase: 'page', payment }
}

/** A try that may still bring money, whichever way the buyer thinks of taking now. */
export function openPayment(order: Order): Payment | null {
  const payment = order.payments.at(-1)
  return payment && OPEN.includes(payment.status) ? payment : null
}

/** Some of the money came; what is missing must come the same way. */
export function isPartPaid(payment: Payment): boolean {
  return payment.received.amount > 0 && payment.missing.amount > 0
}

/** Until when money should be sent: by the code's own end, or that of the hold if it is sooner. */
export function codeEnds(order: Order, payment: Payment): string {
  const { expires_at } = payment.action
  const sooner = expires_at && Date.parse(expires_at) < Date.parse(order.expires_at)
  return sooner ? expires_at : order.expires_at
}

function isUsable(order: Order, payment: Payment, now: Date): boolean {
  return payment.action.kind === 'qr' && new Date(codeEnds(order, payment)) > now
}
