import 'fake-indexeddb/auto'
import { beforeEach, expect, it } from 'vitest'
import type { Order, OrderPlaced } from '../api'
import { openWallet } from './database'
import { Wallet } from './wallet'

const AT = new Date('2026-11-22T03:00:00Z')
const LATER = new Date('2026-11-22T03:20:00Z')

let phone = 0
let wallet: Wallet

function placed(code: string): OrderPlaced {
  return {
    code,
    secret: `secret of ${code}`,
    status: 'held',
    total: { amount: 400000, currency: 'VND' },
    lines: [],
    expires_at: '2026-11-22T10:35:00+07:00',
  }
}

function paid(code: string): Order {
  const ticket = { id: '00ff', qr_svg: '<svg/>' } as Order['tickets'][number]
  const { secret: _, ...order } = placed(code)
  const created_at = AT.toISOString()
  const empty = { payments: [], cancellations: [], pdfs: [] }
  return { ...order, ...empty, created_at, status: 'paid', tickets: [ticket] }
}

beforeEach(() => {
  phone += 1
  const name = `phone-${phone}`
  wallet = new Wallet(() => openWallet(name))
})

it('keeps an order and its secret across a restart of the app', async () => {
  await wallet.remember(placed('AAAA0001'), 'dai-noi', AT)
  const restarted = new Wallet(() => openWallet(`phone-${phone}`))
  const stored = await restarted.find('AAAA0001')
  expect(stored?.secret).toBe('secret of AAAA0001')
  expect(stored?.order.status).toBe('held')
})

it('shows the tickets that the server sent last, with the time', async () => {
  await wallet.remember(placed('AAAA0001'), 'dai-noi', AT)
  await wallet.refresh(paid('AAAA0001'), LATER)
  const stored = await wallet.find('AAAA0001')
  expect(stored?.order.tickets[0]?.qr_svg).toBe('<svg/>')
  expect(stored?.knownAt).toBe(LATER.toISOString())
  expect(stored?.secret).toBe('secret of AAAA0001')
})

it('does not undo a payment when the same order is remembered once more', async () => {
  await wallet.remember(placed('AAAA0001'), 'dai-noi', AT)
  await wallet.refresh(paid('AAAA0001'), LATER)
  await wallet.remember(placed('AAAA0001'), 'dai-noi', LATER)
  expect((await wallet.find('AAAA0001'))?.order.status).toBe('paid')
})

it('lists the newest order first', async () => {
  await wallet.remember(placed('AAAA0001'), 'dai-noi', AT)
  await wallet.remember(placed('BBBB0002'), 'lang-tu-duc', LATER)
  expect((await wallet.all()).map((stored) => stored.code)).toEqual(['BBBB0002', 'AAAA0001'])
})

it('takes no answer about an order whose secret is not here', async () => {
  await wallet.refresh(paid('CCCC0003'), AT)
  expect(await wallet.find('CCCC0003')).toBeUndefined()
})

it('finds the order of a place that still waits for its money', async () => {
  await wallet.remember(placed('AAAA0001'), 'dai-noi', AT)
  expect((await wallet.waiting('dai-noi', LATER))?.code).toBe('AAAA0001')
  expect(await wallet.waiting('lang-tu-duc', LATER)).toBeUndefined()
  expect(await wallet.waiting('dai-noi', new Date('2026-11-22T03:36:00Z'))).toBeUndefined()
  await wallet.refresh(paid('AAAA0001'), LATER)
  expect(await wallet.waiting('dai-noi', LATER)).toBeUndefined()
})

it('keeps an order that came by the link of the mail, with its secret', async () => {
  await wallet.receive(paid('AAAA0001'), 'from the mail', LATER)
  const stored = await wallet.find('AAAA0001')
  expect(stored).toMatchObject({ secret: 'from the mail', placedAt: AT.toISOString() })
  expect(stored?.order.tickets).toHaveLength(1)
  expect(await wallet.waiting('dai-noi', AT)).toBeUndefined()
})
