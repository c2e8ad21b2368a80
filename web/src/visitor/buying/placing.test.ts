import { beforeEach, expect, it } from 'vitest'
import type { Answer, Failure } from '$shared/api/answer'
import type { OrderPlaced } from '../api'
import { emptyDraft, orderBody, withQuantity, type Draft } from './draft'
import { placeOrder, type Doors } from './placing'

const draft: Draft = {
  ...withQuantity(emptyDraft('dai-noi', '2026-11-23'), {
    productId: 1,
    category: 'adult',
    quantity: 2,
  }),
  contact: { reach: 'lan@example.vn', name: '' },
}
const place = (sent: Draft) => placeOrder(sent, orderBody(sent, 'vi'), doors)
const placed = { code: '7K2M9QXA', secret: 's'.repeat(32), status: 'held' } as OrderPlaced
const offline: Answer<never> = { ok: false, failure: { kind: 'offline' } }

let happened: string[]
let kept: Draft | null
let doors: Doors

beforeEach(() => {
  happened = []
  kept = null
  let keys = 0
  doors = {
    createOrder: async (_body, key) => {
      happened.push(`order under ${key}`)
      return { ok: true, data: placed }
    },
    keepDraft: (draft) => {
      happened.push('draft kept')
      kept = draft
    },
    forgetDraft: () => happened.push('draft forgotten'),
    rememberOrder: async ({ secret }) => void happened.push(`secret of ${secret.length} kept`),
    newKey: () => `key-${(keys += 1)}`,
  }
})

it('keeps the key before the order, and the secret as soon as there is one', async () => {
  expect(await place(draft)).toEqual({ step: 'order', code: '7K2M9QXA' })
  expect(happened).toEqual([
    'draft kept',
    'order under key-1',
    'secret of 32 kept',
    'draft forgotten',
  ])
})

it('asks again under the same key after a lost answer', async () => {
  const create = doors.createOrder
  doors.createOrder = async (body, key) => {
    await create(body, key)
    return offline
  }
  expect(await place(draft)).toEqual({
    step: 'failed',
    failure: { kind: 'offline' },
  })
  doors.createOrder = create
  await place(kept!)
  expect(happened.filter((event) => event.startsWith('order'))).toEqual([
    'order under key-1',
    'order under key-1',
  ])
})

it('forgets nothing that was typed when the order is refused', async () => {
  const failure: Failure = {
    kind: 'problem',
    status: 409,
    code: 'sold_out',
    detail: 'Hết vé.',
    where: [],
  }
  doors.createOrder = async () => ({ ok: false, failure })
  expect(await place(draft)).toEqual({ step: 'failed', failure })
  expect(happened).toEqual(['draft kept'])
})

it('sends nothing while nobody can be reached', async () => {
  const silent = { ...draft, contact: { reach: '', name: '' } }
  expect(await place(silent)).toEqual({ step: 'incomplete' })
  expect(happened).toEqual([])
})
