import type { Money } from '$shared/i18n/wording'
import type { Product } from '../api'
import { needsDay } from '../buying/offers'

/** How many people of each category come. */
export type Group = Record<string, number>

/** What a group pays for a product; null when one of them has no price there. */
export function totalFor(product: Product, group: Group): Money | null {
  let amount = 0
  for (const [category, people] of Object.entries(group)) {
    if (people === 0) continue
    const price = product.prices.find((one) => one.category === category)
    if (!price) return null
    amount += price.amount.amount * people
  }
  return { amount, currency: 'VND' }
}

/**
 * The smallest combo that costs this group less than single tickets for its places; null when
 * none is cheaper, or when a place of it has no single ticket to compare with.
 */
export function bestCombo(
  products: Product[],
  everywhere: Product[],
  group: Group,
): { product: Product; saving: Money } | null {
  const found = products
    .filter((product) => product.entitlements.length > 1 && !product.rules?.sites_limit)
    .map((product) => ({ product, amount: savingFor(product, everywhere, group) }))
    .filter(({ amount }) => amount > 0)
    .sort((a, b) => places(a) - places(b) || b.amount - a.amount)[0]
  return found
    ? { product: found.product, saving: { amount: found.amount, currency: 'VND' } }
    : null
}

function places({ product }: { product: Product }): number {
  return product.entitlements.length
}

function savingFor(combo: Product, everywhere: Product[], group: Group): number {
  const together = totalFor(combo, group)
  const alone = combo.entitlements.map(({ site }) => {
    const single = everywhere.find(
      ({ entitlements, ...product }) =>
        entitlements.length === 1 &&
        entitlements[0]?.site === site &&
        needsDay({ entitlements, ...product }),
    )
    return (single && totalFor(single, group)?.amount) ?? NaN
  })
  // An unknown price makes the sum NaN, and NaN is never a saving.
  return together ? alone.reduce((sum, one) => sum + one, 0) - together.amount : 0
}
