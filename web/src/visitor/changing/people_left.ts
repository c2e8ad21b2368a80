import type { Order, Ticket } from '../api'

/** People of a ticket who may still come: neither let in anywhere yet nor cancelled. */
export function peopleLeft(ticket: Ticket): number {
  if (ticket.status !== 'valid') return 0
  const people = ticket.party_size - (ticket.cancelled_people ?? 0)
  // Who used one place of a combo has come, however many places are left.
  return Math.max(0, Math.min(people, ...ticket.remaining_entries.map((entry) => entry.left)))
}

/** Tickets whose code is still shown at a gate. */
export function validTickets(order: Order): Ticket[] {
  return order.tickets.filter((ticket) => ticket.status === 'valid')
}

/** The number under which the order's page shows a ticket. */
export function numberOf(order: Order, ticket: Ticket): number {
  return validTickets(order).findIndex((one) => one.id === ticket.id) + 1
}

/** Tickets whose code has ended: replaced, given away, cancelled. */
export function endedTickets(order: Order): Ticket[] {
  return order.tickets.filter((ticket) => ticket.status !== 'valid')
}

/** Tickets that somebody may still come with. */
export function changeable(order: Order): Ticket[] {
  return order.tickets.filter((ticket) => peopleLeft(ticket) > 0)
}

/** Tickets for the same thing, person and time: their people may share one code. */
export function alike(order: Order, ticket: Ticket): Ticket[] {
  return changeable(order).filter((other) => sameThing(ticket, other) && sameWho(ticket, other))
}

/** Tickets for the same thing at the same time: they move together. */
export function together(order: Order, ticket: Ticket): Ticket[] {
  return changeable(order).filter((other) => sameThing(ticket, other))
}

function sameThing(one: Ticket, other: Ticket): boolean {
  return (
    one.product.id === other.product.id &&
    one.valid_from === other.valid_from &&
    one.entry?.slot.id === other.entry?.slot.id
  )
}

function sameWho(one: Ticket, other: Ticket): boolean {
  return one.category === other.category
}

/** The order after codes were replaced, as long as the server has not told all of it again. */
export function withReplaced(order: Order, ended: string[], made: Ticket[]): Order {
  const fresh = new Map(made.map((ticket) => [ticket.id, ticket]))
  const kept = order.tickets.map((ticket) => {
    const known = fresh.get(ticket.id)
    fresh.delete(ticket.id)
    if (known) return known
    return ended.includes(ticket.id) ? { ...ticket, status: 'revoked' as const } : ticket
  })
  return { ...order, tickets: [...kept, ...fresh.values()] }
}
