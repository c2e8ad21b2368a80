import 'fake-indexeddb/auto'
import { beforeEach, expect, it } from 'vitest'
import type { Ticket } from '../api'
import { Gifts, openGifts } from './gifts'

const AT = new Date('2026-11-22T03:00:00Z')

let phone = 0
let gifts: Gifts

beforeEach(() => {
  phone += 1
  gifts = onThisPhone()
})

function onThisPhone(): Gifts {
  const name = `gifts-${phone}`
  return new Gifts(() => openGifts(name))
}

function ticket(day: string): Ticket {
  return { id: '00ff', valid_from: `${day}T00:00:00+07:00`, qr_svg: '<svg/>' } as Ticket
}

it('accepts with the first key again when the answer was lost and the app restarted', async () => {
  await gifts.begin('ab01', 'of the link', () => 'first key', AT)
  const again = await onThisPhone().begin('ab01', 'of the link', () => 'second key', AT)
  expect(again.key).toBe('first key')
})

it('shows an accepted ticket after a restart, and not one that was only looked at', async () => {
  const gift = await gifts.begin('ab01', 'of the link', () => 'key', AT)
  await gifts.begin('cd02', 'of another', () => 'key', AT)
  await gifts.keep({ ...gift, ticketSecret: 'mine', ticket: ticket('2026-12-01') })
  const kept = await onThisPhone().accepted()
  expect(kept.map((each) => [each.code, each.ticketSecret, each.ticket.qr_svg])).toEqual([
    ['ab01', 'mine', '<svg/>'],
  ])
})

it('lists the newest visit first', async () => {
  for (const [code, day] of [
    ['ab01', '2026-12-01'],
    ['cd02', '2026-12-24'],
  ] as const) {
    const gift = await gifts.begin(code, 'secret', () => 'key', AT)
    await gifts.keep({ ...gift, ticketSecret: 'mine', ticket: ticket(day) })
  }
  expect((await gifts.accepted()).map((gift) => gift.code)).toEqual(['cd02', 'ab01'])
})
