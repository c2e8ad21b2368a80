import type { Money } from '$shared/i18n/wording'
import type { Product } from '../api'
import type { Choice, Draft } from './draft'

export function priceOf(
  products: Product[],
  choice: Choice,
): Product['prices'][number] | undefined {
  const product = products.find((one) => one.id === choice.productId)
  return product?.prices.find((price) => price.category === choice.category)
}

export function totalOf(draft: Draft, products: Product[]): Money {
  const amount = draft.choices.reduce(
    (sum, choice) => sum + (priceOf(products, choice)?.amount.amount ?? 0) * choice.quantity,
    0,
  )
  return { amount, currency: 'VND' }
}

/** Single tickets first, then the combos with the fewest places. */
export function inOrder(products: Product[]): Product[] {
  const places = (product: Product): number => product.entitlements.length
  return [...products].sort((a, b) => places(a) - places(b) || a.id - b.id)
}

/** What the dearest category (the adult) pays. */
export function fullPrice(product: Product): Money | null {
  const prices = product.prices.map((price) => price.amount)
  return prices.length > 0 ? prices.reduce((a, b) => (b.amount > a.amount ? b : a)) : null
}

/**
 * What a combo saves against single tickets for the same places, as a share; null when unknown.
 * A pass for some of its places is compared with the cheapest that it could open.
 */
export function savingOf(product: Product, singles: Product[]): number | null {
  const price = fullPrice(product)
  if (product.entitlements.length < 2 || !price) return null
  const alone = product.entitlements.map((entitlement) => singlePrice(entitlement.site, singles))
  const opens = product.rules?.sites_limit ?? alone.length
  // A place without a single ticket makes the sum unknown: NaN is never more than the price.
  const known = alone.includes(NaN) ? [NaN] : alone.sort((a, b) => a - b).slice(0, opens)
  const sum = known.reduce((total, one) => total + one, 0)
  return sum > price.amount ? 1 - price.amount / sum : null
}

function singlePrice(site: string, singles: Product[]): number {
  const single = singles.find(
    ({ entitlements }) => entitlements.length === 1 && entitlements[0]?.site === site,
  )
  return (single && fullPrice(single)?.amount) ?? NaN
}

/** Whether a product is for a day at all; a pass may count from its purchase or its first use. */
export function needsDay(product: Product): boolean {
  return product.validity.mode === 'from_date'
}
