import { expect, it } from 'vitest'
import type { Order, Ticket } from '../api'
import { alike, changeable, endedTickets, peopleLeft, together, withReplaced } from './people_left'

function ticket(id: string, said: Partial<Ticket> = {}): Ticket {
  return {
    id,
    status: 'valid',
    party_size: 1,
    cancelled_people: 0,
    product: { id: 7, name: 'Đại Nội' },
    category: 'adult',
    valid_from: '2026-12-01T00:00:00+07:00',
    remaining_entries: [{ site: 'dai-noi', site_name: 'Đại Nội', left: said.party_size ?? 1 }],
    entry: null,
    ...said,
  } as Ticket
}

function order(...tickets: Ticket[]): Order {
  return { code: 'AAAA0001', tickets } as Order
}

function left(...numbers: number[]): Ticket['remaining_entries'] {
  return numbers.map((number, at) => ({ site: `s${at}`, site_name: `S${at}`, left: number }))
}

it.each([
  ['nobody came', { party_size: 25, remaining_entries: left(25) }, 25],
  ['18 came', { party_size: 25, remaining_entries: left(7) }, 7],
  ['3 were cancelled', { party_size: 25, cancelled_people: 3, remaining_entries: left(22) }, 22],
  ['one place of a combo was used', { party_size: 2, remaining_entries: left(0, 2, 2) }, 0],
  ['the ticket was replaced', { party_size: 5, status: 'revoked' as const }, 0],
])('counts who may still come when %s', (_what, said, people) => {
  expect(peopleLeft(ticket('00', said))).toBe(people)
})

it('keeps what can be changed apart from what has ended', () => {
  const bought = order(
    ticket('01'),
    ticket('02', { status: 'cancelled' }),
    ticket('03', { remaining_entries: left(0) }),
  )
  expect(changeable(bought).map((each) => each.id)).toEqual(['01'])
  expect(endedTickets(bought).map((each) => each.id)).toEqual(['02'])
})

it('lets codes of one category merge, and codes of one day move', () => {
  const first = ticket('01')
  const bought = order(
    first,
    ticket('02'),
    ticket('03', { category: 'child' }),
    ticket('04', { valid_from: '2026-12-02T00:00:00+07:00' }),
    ticket('05', { product: { id: 8, name: 'Lăng Tự Đức' } }),
  )
  expect(alike(bought, first).map((each) => each.id)).toEqual(['01', '02'])
  expect(together(bought, first).map((each) => each.id)).toEqual(['01', '02', '03'])
})

it('shows the new codes and ends the old ones before the order is read again', () => {
  const bought = order(ticket('01', { party_size: 5 }), ticket('02'))
  const after = withReplaced(bought, ['01'], [ticket('03', { party_size: 2 }), ticket('04')])
  expect(after.tickets.map((each) => [each.id, each.status])).toEqual([
    ['01', 'revoked'],
    ['02', 'valid'],
    ['03', 'valid'],
    ['04', 'valid'],
  ])
})

it('replaces a ticket that keeps its code in its place', () => {
  const moved = ticket('01', { valid_from: '2026-12-05T00:00:00+07:00' })
  const after = withReplaced(order(ticket('01'), ticket('02')), [], [moved])
  expect(after.tickets.map((each) => each.valid_from)).toEqual([
    '2026-12-05T00:00:00+07:00',
    '2026-12-01T00:00:00+07:00',
  ])
})
