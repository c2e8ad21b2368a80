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

/** What a combo saves against single tickets for the same places, as a share; null when unknown. */
export function savingOf(product: Product, singles: Product[]): number | null {
  const price = fullPrice(product)
  if (product.entitlements.length < 2 || !price) return null
  const alone = product.entitlements.map((entitlement) =>
    singles.find(
      (one) => one.entitlements.length === 1 && one.entitlements[0]?.site === entitlement.site,
    ),
  )
  const sum = alone.reduce((total, one) => total + ((one && fullPrice(one)?.amount) ?? NaN), 0)
  return sum > price.amount ? 1 - price.amount / sum : null
}
