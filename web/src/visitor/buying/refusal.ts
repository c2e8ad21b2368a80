import type { Failure } from '$shared/api/answer'
import type { Product } from '../api'
import type { Choice, Draft } from './draft'
import { fullPrice } from './offers'
import type { Opening } from './times'

/** Which line of the order a refusal is about, as the server counts them. */
export function refusedChoice(failure: Failure, draft: Draft): Choice | null {
  if (failure.kind !== 'problem') return null
  const line = failure.where?.map((where) => /^body\.lines\.(\d+)/.exec(where)?.[1]).find(Boolean)
  return line === undefined ? null : (draft.choices[Number(line)] ?? null)
}

/** Other times that the server names; null when the refusal is not about times. */
export function alternativesIn(failure: Failure): Opening[] | null {
  if (failure.kind !== 'problem' || !TIME_REFUSED.includes(failure.code)) return null
  const found = failure.facts?.['alternatives']
  return Array.isArray(found) ? (found as Opening[]) : []
}

const TIME_REFUSED = ['sold_out', 'slot_closed', 'site_closed']

export interface CompanionWanted {
  productId: number
  category: string
  people: number
}

/** Whom to add where children, or others, may not come alone. */
export function companionWanted(
  failure: Failure,
  draft: Draft,
  products: Product[],
): CompanionWanted | null {
  if (failure.kind !== 'problem' || failure.code !== 'companion_needed') return null
  const refused = refusedChoice(failure, draft)
  const product = products.find(({ id }) => id === refused?.productId)
  if (!product) return null
  const dearest = product.prices.find(({ amount }) => amount.amount === fullPrice(product)?.amount)
  const category = product.prices.find((price) => price.category === 'adult') ?? dearest
  if (!category) return null
  const people = Number(failure.facts?.['people'] ?? 1)
  return { productId: product.id, category: category.category, people }
}
