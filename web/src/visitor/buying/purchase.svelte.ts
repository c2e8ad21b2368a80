import { ask, type Failure } from '$shared/api/answer'
import { addDays, dayInProvince } from '$shared/i18n/wording'
import { api, type Product, type SiteDetail } from '../api'
import { wallet } from '../wallet/wallet'
import type { StoredOrder } from '../wallet/database'
import { readReach, withQuantity, withSoldOnly, type Choice, type Draft } from './draft'
import { DraftStore } from './draft_store'
import { inOrder, priceOf, totalOf } from './offers'
import { placeAndPay, type Outcome } from './placing'

const drafts = new DraftStore(localStorage)

/** One purchase on the screen: the draft, what is sold on its day, and what stands in the way. */
export class Purchase {
  draft: Draft = $state.raw(null!)
  site = $state.raw<SiteDetail | null>(null)
  products = $state.raw<Product[] | null>(null)
  failure = $state.raw<Failure | null>(null)
  waiting = $state.raw<StoredOrder | null>(null)
  /** Why nobody can come on the chosen day. */
  closed = $state<string | null>(null)
  sending = $state(false)
  readonly today = dayInProvince(new Date())
  readonly total = $derived(totalOf(this.draft, this.products ?? []))
  readonly reach = $derived(readReach(this.draft.contact.reach))

  #turn = 0

  constructor(readonly slug: string) {
    this.draft = drafts.open(slug, this.today)
  }

  change(draft: Draft): void {
    this.draft = draft
    drafts.keep(draft)
  }

  choose(choice: Choice): void {
    this.change(withQuantity(this.draft, choice))
  }

  chooseDay(visitDate: string): void {
    if (visitDate < this.today || visitDate > addDays(this.today, 365)) return
    this.change({ ...this.draft, visitDate })
    void this.loadProducts()
  }

  /** Everything that the screens show, in the language of the moment. */
  load = async (): Promise<void> => {
    this.failure = null
    const found = await ask(
      api.GET('/api/v1/sites/{slug}', { params: { path: { slug: this.slug } } }),
    )
    if (!found.ok) return void (this.failure = found.failure)
    this.site = found.data
    this.waiting = (await wallet.waiting(this.slug, new Date()).catch(() => undefined)) ?? null
    await this.loadProducts()
  }

  /** The person came back by the browser's own "back": the page is as it was when they left. */
  resume = async (): Promise<void> => {
    this.sending = false
    await this.load()
  }

  loadProducts = async (): Promise<void> => {
    const turn = ++this.#turn
    const query = { site: this.slug, date: this.draft.visitDate }
    const answer = await ask(api.GET('/api/v1/products', { params: { query } }))
    if (turn !== this.#turn) return
    if (!answer.ok) return void (this.failure = answer.failure)
    this.failure = null
    this.products = inOrder(answer.data.items)
    const sold = this.products
    void this.#askDay(turn)
    const kept = withSoldOnly(this.draft, (choice) => priceOf(sold, choice) !== undefined)
    if (kept.choices.length < this.draft.choices.length) this.change(kept)
  }

  /** Whether somebody can come on the chosen day; a warning, because the server decides. */
  async #askDay(turn: number): Promise<void> {
    this.closed = null
    const single = this.products?.[0]
    if (!single) return
    const day = this.draft.visitDate
    const answer = await ask(
      api.GET('/api/v1/products/{product_id}/availability', {
        params: { path: { product_id: single.id }, query: { from: day, to: day } },
      }),
    )
    if (turn === this.#turn && answer.ok) this.closed = answer.data.items[0]?.reason?.text ?? null
  }

  /** Makes the order, once: a second tap while the first is under way does nothing. */
  async place(language: string): Promise<Outcome | null> {
    if (this.sending) return null
    this.sending = true
    this.failure = null
    const outcome = await this.#placed(language)
    // Leaving for the payment page takes a moment, in which the button must stay quiet.
    if (outcome.step !== 'pay') this.sending = false
    if (outcome.step === 'failed') this.failure = outcome.failure
    return outcome
  }

  #placed(language: string): Promise<Outcome> {
    return placeAndPay(this.draft, language, {
      createOrder: (body, key) =>
        ask(api.POST('/api/v1/orders', { body, params: { header: { 'Idempotency-Key': key } } })),
      startPayment,
      keepDraft: (draft) => this.change(draft),
      forgetDraft: (slug) => drafts.forget(slug),
      rememberOrder: (placed) => wallet.remember(placed, this.slug, new Date()),
      newKey: () => crypto.randomUUID(),
    })
  }
}

/** Opens the payment page of an order. */
export async function startPayment(code: string, secret: string) {
  const answer = await ask(
    api.POST('/api/v1/orders/{code}/payments', {
      params: { path: { code }, header: { 'Order-Secret': secret } },
      body: { provider: 'stripe' },
    }),
  )
  return answer.ok ? { ok: true as const, data: { url: answer.data.action.url ?? null } } : answer
}
