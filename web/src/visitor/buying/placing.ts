import type { Answer, Failure } from '$shared/api/answer'
import type { OrderIn, OrderPlaced } from '../api'
import { orderBody, readyToSend, type Draft } from './draft'

/** What placing an order needs from outside: the server, the phone's memory, a source of keys. */
export interface Doors {
  createOrder: (body: OrderIn, key: string) => Promise<Answer<OrderPlaced>>
  startPayment: (code: string, secret: string) => Promise<Answer<{ url: string | null }>>
  keepDraft: (draft: Draft) => void
  forgetDraft: (slug: string) => void
  /** Ends when the order and its secret are safely on the phone. */
  rememberOrder: (placed: OrderPlaced) => Promise<void>
  newKey: () => string
}

export type Outcome =
  | { step: 'pay'; url: string }
  | { step: 'order'; code: string }
  | { step: 'incomplete' }
  | { step: 'failed'; failure: Failure }

/**
 * Makes the order and opens its payment. Each step is on the phone before the next begins:
 * the key before the order is sent, the secret before the person leaves to pay.
 */
export async function placeAndPay(draft: Draft, language: string, doors: Doors): Promise<Outcome> {
  const body = orderBody(draft, language)
  if (!body) return { step: 'incomplete' }
  const sending = readyToSend(draft, body, doors.newKey)
  doors.keepDraft(sending)
  const placed = await doors.createOrder(body, sending.sent!.key)
  if (!placed.ok) return { step: 'failed', failure: placed.failure }
  const { code, secret, status } = placed.data
  await doors.rememberOrder(placed.data)
  doors.forgetDraft(draft.slug)
  if (status !== 'held') return { step: 'order', code }
  const payment = await doors.startPayment(code, secret)
  // The order stands and waits on its own page, where paying can be tried again.
  if (!payment.ok || !payment.data.url) return { step: 'order', code }
  return { step: 'pay', url: payment.data.url }
}
