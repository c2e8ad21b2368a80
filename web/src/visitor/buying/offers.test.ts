import { expect, it } from 'vitest'
import type { Product } from '../api'
import { emptyDraft, withQuantity } from './draft'
import { fullPrice, inOrder, savingOf, totalOf } from './offers'

function product(id: number, places: number, adult: number, child: number): Product {
  const price = (category: string, amount: number) => ({
    category,
    amount: { amount, currency: 'VND' as const },
    needs_document: false,
  })
  return {
    id,
    name: `product ${id}`,
    entitlements: Array.from({ length: places }, (_, at) => ({ site: `site-${at}`, entries: 1 })),
    prices: [price('adult', adult), price('child', child)],
  } as unknown as Product
}

const single = product(7, 1, 200_000, 40_000)
const combo = product(3, 4, 530_000, 100_000)

it('adds up what everybody pays', () => {
  let draft = emptyDraft('dai-noi', '2026-11-23')
  draft = withQuantity(draft, { productId: 7, category: 'adult', quantity: 2 })
  draft = withQuantity(draft, { productId: 7, category: 'child', quantity: 1 })
  draft = withQuantity(draft, { productId: 3, category: 'adult', quantity: 1 })
  expect(totalOf(draft, [single, combo])).toEqual({ amount: 970_000, currency: 'VND' })
})

it('shows the single ticket before the combos', () => {
  expect(inOrder([combo, single]).map(({ id }) => id)).toEqual([7, 3])
})

it('names the full price', () => {
  expect(fullPrice(single)?.amount).toBe(200_000)
})

it('says what a combo saves only where every place has a ticket of its own', () => {
  const at = (site: string, amount: number) =>
    ({ ...product(9, 1, amount, 0), entitlements: [{ site, entries: 1 }] }) as Product
  const singles = [
    at('site-0', 200_000),
    at('site-1', 150_000),
    at('site-2', 150_000),
    at('site-3', 100_000),
  ]
  expect(savingOf(combo, singles)).toBeCloseTo(1 - 530 / 600)
  expect(savingOf(combo, singles.slice(1))).toBeNull()
  const anyTwo = { ...combo, rules: { sites_limit: 2 } } as Product
  expect(savingOf(anyTwo, singles)).toBeNull()
  const cheap = { ...anyTwo, prices: single.prices } as Product
  expect(savingOf(cheap, singles)).toBeCloseTo(1 - 200 / 250)
})
