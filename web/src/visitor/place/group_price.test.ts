import { expect, it } from 'vitest'
import type { Product } from '../api'
import { bestCombo, totalFor } from './group_price'

function product(id: number, sites: string[], adult: number, child?: number): Product {
  const price = (category: string, amount: number) => ({
    category,
    amount: { amount, currency: 'VND' as const },
  })
  return {
    id,
    name: `product ${id}`,
    entitlements: sites.map((site) => ({ site, name: site, entries: 1 })),
    validity: { mode: 'from_date', days: 1, outer_days: null },
    rules: null,
    prices: [price('adult', adult), ...(child === undefined ? [] : [price('child', child)])],
  } as unknown as Product
}

const citadel = product(1, ['dai-noi'], 200_000, 40_000)
const tomb = product(2, ['lang-tu-duc'], 150_000, 30_000)
const both = product(3, ['dai-noi', 'lang-tu-duc'], 280_000, 60_000)

it('adds up what a group pays', () => {
  expect(totalFor(citadel, { adult: 2, child: 1 })?.amount).toBe(440_000)
  expect(totalFor(citadel, {})?.amount).toBe(0)
})

it('says nothing where somebody of the group has no price', () => {
  expect(totalFor(product(4, ['x'], 10_000), { child: 1 })).toBeNull()
})

it('names the smallest combo that is cheaper', () => {
  const found = bestCombo([citadel, both], [citadel, tomb, both], { adult: 2, child: 1 })
  expect([found?.product.id, found?.saving.amount]).toEqual([3, 150_000])
})

it('names none that is dearer, or that cannot be compared', () => {
  const dear = product(5, ['dai-noi', 'lang-tu-duc'], 400_000, 80_000)
  expect(bestCombo([dear], [citadel, tomb], { adult: 1 })).toBeNull()
  expect(bestCombo([both], [citadel], { adult: 1 })).toBeNull()
})
