// @vitest-environment happy-dom
import { beforeEach, expect, it } from 'vitest'
import type { Failure } from '$shared/api/answer'
import type { Order } from '../api'
import { hasVisited, mayHaveVisited } from './asking'
import { Ratings } from './ratings'
import { outcome } from './sending'

const NOON = new Date('2026-11-22T12:00:00+07:00')
const rating = { score: 4, comment: '', at: NOON.toISOString(), sent: false }
const problem = (code: string): Failure => ({ kind: 'problem', status: 409, code, detail: '' })
const fullPhone = () => {
  throw new DOMException('full', 'QuotaExceededError')
}

beforeEach(() => localStorage.clear())

it('keeps an answer across a restart until the server has it', () => {
  new Ratings().keep('AAAA0001', rating)
  new Ratings().keep('BBBB0002', { ...rating, sent: true })
  expect(new Ratings().waiting(NOON)).toEqual(['AAAA0001'])
  expect(new Ratings().find('AAAA0001')).toEqual(rating)
})

it('gives up an answer that nobody wanted for two months', () => {
  const ratings = new Ratings()
  ratings.keep('AAAA0001', rating)
  expect(ratings.waiting(new Date('2027-01-25T12:00:00+07:00'))).toEqual([])
  expect(ratings.find('AAAA0001')).toBeNull()
})

it('says so when the phone keeps nothing', () => {
  const ratings = new Ratings(fullPhone)
  expect([ratings.keep('AAAA0001', rating), ratings.find('AAAA0001')]).toEqual([false, null])
  expect(ratings.waiting(NOON)).toEqual([])
})

it.each<[Failure, boolean, ReturnType<typeof outcome>['as']]>([
  [problem('answered_before'), true, 'taken'],
  [problem('not_visited'), true, 'waits'],
  [problem('not_visited'), false, 'refused'],
  [problem('order_not_found'), true, 'refused'],
  [{ kind: 'offline' }, true, 'waits'],
  [{ kind: 'server' }, true, 'waits'],
  [{ kind: 'offline' }, false, 'refused'],
])('after %o, kept: %s, the answer is %s', (failure, kept, as) => {
  expect(outcome(failure, kept).as).toBe(as)
})

it('asks whoever was let in, and without network from the first day on', () => {
  const order = (left: number): Order =>
    ({
      status: 'paid',
      tickets: [
        {
          ...{ party_size: 3, cancelled_people: 1, valid_from: '2026-11-22T00:00:00+07:00' },
          remaining_entries: [{ site: 'dai-noi', left }],
        },
      ],
    }) as unknown as Order
  expect([hasVisited(order(2)), hasVisited(order(1))]).toEqual([false, true])
  const dayBefore = new Date('2026-11-21T23:00:00+07:00')
  expect([mayHaveVisited(order(2), dayBefore), mayHaveVisited(order(2), NOON)]).toEqual([
    false,
    true,
  ])
})
