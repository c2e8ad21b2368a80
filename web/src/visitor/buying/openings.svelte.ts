import { ask } from '$shared/api/answer'
import { addDays } from '$shared/i18n/wording'
import { api } from '../api'
import { isTimed, markOf, type DayMark, type Opening } from './times'

/** What a calendar shows at once. */
export const DAYS_SHOWN = 35
const DAYS_AROUND = 7

/** When the products of a place can be visited, as far as the screens have asked. */
export class Openings {
  #known = $state.raw<Record<number, Opening[]>>({})
  #turn = 0

  /** A warning only, because the server decides: what does not come is simply not known. */
  async load(productIds: number[], first: string, days = DAYS_SHOWN): Promise<void> {
    const turn = this.#turn
    const last = addDays(first, days - 1)
    const found = await Promise.all(
      productIds.map(async (id) => [id, await openingsOf(id, first, last)] as const),
    )
    if (turn !== this.#turn) return
    const known = { ...this.#known }
    for (const [id, fresh] of found) {
      if (!fresh) continue
      const others = (known[id] ?? []).filter(
        ({ visit_date }) => visit_date < first || visit_date > last,
      )
      known[id] = [...others, ...fresh].sort(
        (a, b) => Date.parse(a.starts_at) - Date.parse(b.starts_at),
      )
    }
    this.#known = known
  }

  /** The days around one day, as they are now. */
  around(productIds: number[], day: string, today: string): Promise<void> {
    const first = addDays(day, -DAYS_AROUND)
    return this.load(productIds, first < today ? today : first, 2 * DAYS_AROUND + 1)
  }

  /** The language or the place changed: what is under way is not wanted any more. */
  forget(): void {
    this.#turn += 1
    this.#known = {}
  }

  isTimed(productId: number): boolean {
    return isTimed(this.#known[productId])
  }

  all(productId: number): Opening[] {
    return this.#known[productId] ?? []
  }

  on(productId: number, day: string): Opening[] {
    return this.all(productId).filter(({ visit_date }) => visit_date === day)
  }

  mark(productIds: number[], day: string): DayMark {
    return markOf(productIds.flatMap((id) => this.on(id, day)))
  }

  /** Why nobody can come on a day; null when somebody can. */
  reason(productIds: number[], day: string): string | null {
    const openings = productIds.flatMap((id) => this.on(id, day))
    if (['open', 'unknown'].includes(markOf(openings))) return null
    return openings.find(({ reason }) => reason)?.reason?.text ?? null
  }
}

async function openingsOf(productId: number, from: string, to: string): Promise<Opening[] | null> {
  const answer = await ask(
    api.GET('/api/v1/products/{product_id}/availability', {
      params: { path: { product_id: productId }, query: { from, to } },
    }),
  )
  return answer.ok ? answer.data.items : null
}
