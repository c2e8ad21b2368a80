import { expect, it } from 'vitest'
import type { Failure } from '$shared/api/answer'
import type { Product } from '../api'
import { emptyDraft, withQuantity } from './draft'
import { alternativesIn, companionWanted, refusedChoice } from './refusal'

const problem = (code: string, facts: Record<string, unknown> = {}): Failure => ({
  kind: 'problem',
  status: 409,
  code,
  detail: '',
  where: ['body.lines.1'],
  facts,
})
const draft = [7, 3].reduce(
  (made, productId) => withQuantity(made, { productId, category: 'child', quantity: 9 }),
  emptyDraft('dai-noi', '2026-11-23'),
)
const price = (category: string, amount: number) => ({ category, amount: { amount } })
const product = { id: 3, prices: [price('child', 40), price('adult', 200)] } as unknown as Product

it('finds the choice that was refused', () => {
  expect(refusedChoice(problem('sold_out'), draft)?.productId).toBe(3)
  expect(refusedChoice({ kind: 'offline' }, draft)).toBeNull()
})

it('reads the other times only from a refusal about times', () => {
  expect(alternativesIn(problem('sold_out', { alternatives: [{ id: 5 }] }))).toEqual([{ id: 5 }])
  expect(alternativesIn(problem('sold_out'))).toEqual([])
  expect(alternativesIn(problem('no_price', { alternatives: [] }))).toBeNull()
})

it('adds the adults who are missing', () => {
  const wanted = { productId: 3, category: 'adult', people: 2 }
  const failure = problem('companion_needed', { people: 2 })
  expect(companionWanted(failure, draft, [product])).toEqual(wanted)
  expect(companionWanted(problem('sold_out'), draft, [product])).toBeNull()
})
