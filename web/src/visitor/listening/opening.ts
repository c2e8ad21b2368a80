import type { Ticket } from '../api'
import { gifts } from '../wallet/gifts'
import { wallet } from '../wallet/wallet'

/** The code of a ticket on this phone that should open the guides of a place; empty: none. */
export async function ticketFor(site: string): Promise<string> {
  const [orders, given] = await Promise.all([
    wallet.all().catch(() => []),
    gifts.accepted().catch(() => []),
  ])
  const tickets = [...orders.flatMap(({ order }) => order.tickets), ...given.map((g) => g.ticket)]
  return opening(tickets, site, new Date())?.token ?? ''
}

/** Of several tickets for a place the one that is valid longest; the server judges it in the end. */
export function opening(tickets: readonly Ticket[], site: string, now: Date): Ticket | null {
  const fitting = tickets.filter(
    (ticket) =>
      ticket.status === 'valid' &&
      new Date(ticket.valid_until) > now &&
      ticket.remaining_entries.some((entry) => entry.site === site),
  )
  fitting.sort((one, other) => other.valid_until.localeCompare(one.valid_until))
  return fitting[0] ?? null
}
