import { ask } from '$shared/api/answer'
import type { Order } from '../api'
import { api } from '../api'
import { validTickets } from '../changing/people_left'
import type { StoredOrder } from './database'
import { wallet } from './wallet'

/** As many as somebody on a journey has; the others are asked for on their own page. */
const MOST = 6

/** Orders that may have changed since the phone heard of them: with a ticket that can be used. */
export function mayHaveNews(orders: readonly StoredOrder[], now: Date): StoredOrder[] {
  const usable = (order: Order) =>
    validTickets(order).some((ticket) => new Date(ticket.valid_until) > now)
  return orders.filter(({ order }) => usable(order)).slice(0, MOST)
}

/**
 * Asks the server once for each of them: closures, tickets that were used, moved or refused.
 * True when there was something to ask about.
 */
export async function askForNews(orders: readonly StoredOrder[], now: Date): Promise<boolean> {
  const asked = mayHaveNews(orders, now).map(async ({ code, secret }) => {
    const params = { path: { code }, header: { 'Order-Secret': secret } }
    const answer = await ask(api.GET('/api/v1/orders/{code}', { params }))
    if (answer.ok) await wallet.refresh(answer.data, new Date())
  })
  await Promise.allSettled(asked)
  return asked.length > 0
}

/** A place that somebody of the order has yet to see is closed, wholly or in part. */
export function isTouchedByClosure(order: Order): boolean {
  return validTickets(order).some((ticket) =>
    (ticket.closures ?? []).some(({ site }) =>
      ticket.remaining_entries.some((entry) => entry.site === site && entry.left > 0),
    ),
  )
}
