import { ask, type Failure } from '$shared/api/answer'
import { dayInProvince } from '$shared/i18n/wording'
import { api, type Product, type SiteDetail } from '../api'
import { inOrder } from '../buying/offers'

/** A place with what is sold there today. */
export class PlaceView {
  site = $state.raw<SiteDetail | null>(null)
  products = $state.raw<Product[]>([])
  failure = $state.raw<Failure | null>(null)

  constructor(readonly slug: string) {}

  load = async (): Promise<void> => {
    this.failure = null
    const today = dayInProvince(new Date())
    const [site, products] = await Promise.all([
      ask(api.GET('/api/v1/sites/{slug}', { params: { path: { slug: this.slug } } })),
      ask(api.GET('/api/v1/products', { params: { query: { site: this.slug, date: today } } })),
    ])
    if (!site.ok) return void (this.failure = site.failure)
    this.site = site.data
    // Prices that did not come are asked again when buying; the place itself is worth showing.
    this.products = products.ok ? inOrder(products.data.items) : []
  }
}
