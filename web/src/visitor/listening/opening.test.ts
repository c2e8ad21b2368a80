import { expect, it } from 'vitest'
import type { Ticket } from '../api'
import { opening } from './opening'

const NOW = new Date('2026-11-22T08:00:00Z')

function ticket(token: string, changes: Partial<Ticket> = {}): Ticket {
  return {
    token,
    status: 'valid',
    valid_until: '2026-11-23T17:00:00Z',
    remaining_entries: [{ site: 'dai-noi', site_name: 'Đại Nội', left: 1 }],
    ...changes,
  } as Ticket
}

it('opens by the ticket of the place that is valid longest', () => {
  const pass = ticket('pass', { valid_until: '2026-12-31T17:00:00Z' })
  expect(opening([ticket('day'), pass], 'dai-noi', NOW)).toBe(pass)
})

it.each([
  ['of another place', ticket('a', { remaining_entries: [] })],
  ['that was cancelled', ticket('b', { status: 'cancelled' })],
  ['of yesterday', ticket('c', { valid_until: '2026-11-21T17:00:00Z' })],
])('does not open by a ticket %s', (_, other) => {
  expect(opening([other], 'dai-noi', NOW)).toBeNull()
})
