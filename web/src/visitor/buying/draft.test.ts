import { expect, it } from 'vitest'
import {
  atTime,
  emptyDraft,
  onDay,
  orderBody,
  peopleFor,
  quantityOf,
  readReach,
  readyToSend,
  withQuantity,
} from './draft'

const empty = emptyDraft('dai-noi', '2026-11-23')
const twoAdults = {
  ...withQuantity(empty, { productId: 1, category: 'adult', quantity: 2 }),
  contact: { reach: 'lan@example.vn', name: '' },
}

function keys(...names: string[]): () => string {
  return () => names.shift()!
}

it('counts people for a product and a category, and forgets a choice of nobody', () => {
  expect(quantityOf(twoAdults, 1, 'adult')).toBe(2)
  expect(quantityOf(twoAdults, 2, 'adult')).toBe(0)
  const nobody = withQuantity(twoAdults, { productId: 1, category: 'adult', quantity: 0 })
  expect(nobody.choices).toEqual([])
})

it('stays within what one line can hold', () => {
  const many = withQuantity(empty, { productId: 1, category: 'adult', quantity: 900 })
  expect(quantityOf(many, 1, 'adult')).toBe(255)
})

it.each([
  [' lan@example.vn ', { kind: 'email', value: 'lan@example.vn' }],
  ['0912 345 678', { kind: 'phone', value: '0912345678' }],
  ['+49 (170) 123-4567', { kind: 'phone', value: '+491701234567' }],
  ['', { kind: 'missing' }],
  ['lan@', { kind: 'unclear' }],
  ['12345', { kind: 'unclear' }],
])('reads the contact "%s"', (text, reach) => {
  expect(readReach(text)).toEqual(reach)
})

it('makes the body of the order', () => {
  expect(orderBody({ ...twoAdults, oneCode: true }, 'vi')).toEqual({
    lines: [
      {
        product_id: 1,
        category: 'adult',
        quantity: 2,
        visit_date: '2026-11-23',
        one_code: true,
      },
    ],
    contact: { email: 'lan@example.vn' },
    language: 'vi',
  })
})

it('makes no body while nothing is chosen or nobody can be reached', () => {
  expect(orderBody({ ...empty, contact: twoAdults.contact }, 'vi')).toBeNull()
  expect(orderBody({ ...twoAdults, contact: { reach: '', name: '' } }, 'vi')).toBeNull()
})

it('sends the same order under the same key, however often', () => {
  const newKey = keys('first', 'second')
  const once = readyToSend(twoAdults, orderBody(twoAdults, 'vi')!, newKey)
  const reloaded = JSON.parse(JSON.stringify(once)) as typeof once
  const again = readyToSend(reloaded, orderBody(reloaded, 'vi')!, newKey)
  expect([once.sent?.key, again.sent?.key]).toEqual(['first', 'first'])
})

it('takes a new key for a changed order', () => {
  const newKey = keys('first', 'second')
  const once = readyToSend(twoAdults, orderBody(twoAdults, 'vi')!, newKey)
  const three = withQuantity(once, { productId: 1, category: 'adult', quantity: 3 })
  const changed = readyToSend(three, orderBody(three, 'vi')!, newKey)
  expect(changed.sent?.key).toBe('second')
})

const nine = {
  id: 41,
  visitDate: '2026-11-24',
  startsAt: '2026-11-24T09:00:00+07:00',
  endsAt: '2026-11-24T10:00:00+07:00',
}

it('takes the order to the day of a chosen time, and sends the time instead of a day', () => {
  const draft = atTime(twoAdults, 1, nine)
  expect(draft.visitDate).toBe('2026-11-24')
  const line = orderBody(draft, 'vi')!.lines[0]
  expect(line).toMatchObject({ slot_id: 41 })
  expect(line).not.toHaveProperty('visit_date')
})

it('forgets the times of another day and nothing else', () => {
  const draft = onDay(atTime(twoAdults, 1, nine), '2026-11-25')
  expect(draft.times).toEqual({})
  expect(draft.choices).toEqual(twoAdults.choices)
})

it('sends no day for a product that needs none', () => {
  const line = orderBody(twoAdults, 'vi', (id) => id === 1)!.lines[0]
  expect(line).not.toHaveProperty('visit_date')
})

it('counts the people of a product over all its categories', () => {
  const draft = withQuantity(twoAdults, { productId: 1, category: 'child', quantity: 3 })
  expect([peopleFor(draft, 1), peopleFor(draft, 2)]).toEqual([5, 0])
})
