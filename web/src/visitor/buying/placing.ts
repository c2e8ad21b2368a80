import type { Answer, Failure } from '$shared/api/answer'
import type { OrderIn, OrderPlaced } from '../api'
import { readyToSend, type Draft } from './draft'

/** What placing an order needs from outside: the server, the phone's memory, a source of keys. */
export interface Doors {
  createOrder: (body: OrderIn, key: string) => Promise<Answer<OrderPlaced>>
  keepDraft: (draft: Draft) => void
  forgetDraft: (slug: string) => void
  /** Ends when the order and its secret are safely on the phone. */
  rememberOrder: (placed: OrderPlaced) => Promise<void>
  newKey: () => string
}

export type Outcome =
  { step: 'order'; code: string } | { step: 'incomplete' } | { step: 'failed'; failure: Failure }

/**
 * Makes the order, which is paid on its own page. Each step is on the phone before the next
 * begins: the key before the order is sent, the secret before anybody can pay.
 */
export async function placeOrder(
  draft: Draft,
  body: OrderIn | null,
  doors: Doors,
): Promise<Outcome> {
  if (!body) return { step: 'incomplete' }
  const sending = readyToSend(draft, body, doors.newKey)
  doors.keepDraft(sending)
  const placed = await doors.createOrder(body, sending.sent!.key)
  if (!placed.ok) return { step: 'failed', failure: placed.failure }
  await doors.rememberOrder(placed.data)
  doors.forgetDraft(draft.slug)
  return { step: 'order', code: placed.data.code }
}
