import { ask, type Failure } from '$shared/api/answer'
import { dayInProvince } from '$shared/i18n/wording'
import { api, type Product, type SiteDetail } from '../api'
import { inOrder } from '../buying/offers'
import { seen } from '../seen/seen'
import { words } from '../words'

/** A place with what is sold there today. */
export class PlaceView {
  site = $state.raw<SiteDetail | null>(null)
  products = $state.raw<Product[]>([])
  /** What is sold anywhere, to say what a ticket for several places saves. */
  everywhere = $state.raw<Product[]>([])
  failure = $state.raw<Failure | null>(null)

  constructor(readonly slug: string) {}

  load = async (): Promise<void> => {
    this.failure = null
    const { slug } = this
    const date = dayInProvince(new Date())
    const about = `${slug} ${words.language}`
    const [site, products] = await Promise.all([
      seen.orRecall(
        `place ${about}`,
        ask(api.GET('/api/v1/sites/{slug}', { params: { path: { slug } } })),
      ),
      seen.orRecall(
        `products ${about}`,
        ask(api.GET('/api/v1/products', { params: { query: { site: slug, date } } })),
      ),
    ])
    if (!site.ok) return void (this.failure = site.failure)
    this.site = site.data
    // Prices that did not come are asked again when buying; the place itself is worth showing.
    this.products = products.ok ? inOrder(products.data.items) : []
    if (this.products.some(({ entitlements }) => entitlements.length > 1)) await this.#compare(date)
  }

  async #compare(date: string): Promise<void> {
    const answer = await ask(api.GET('/api/v1/products', { params: { query: { date } } }))
    if (answer.ok) this.everywhere = answer.data.items
  }
}
