import type { Order } from '../api'

/** Somebody with a ticket of the order was let in, as far as this phone knows. */
export function hasVisited(order: Order): boolean {
  return order.tickets.some((ticket) => {
    const people = ticket.party_size - (ticket.cancelled_people ?? 0)
    return ticket.remaining_entries.some((entry) => entry.left < people)
  })
}

/** Without network the phone cannot know who was let in: from the first day on it believes it. */
export function mayHaveVisited(order: Order, now: Date): boolean {
  if (order.status !== 'paid') return false
  return hasVisited(order) || order.tickets.some((one) => new Date(one.valid_from) <= now)
}
