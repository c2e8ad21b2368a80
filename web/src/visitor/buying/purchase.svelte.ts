import { ask, type Failure } from '$shared/api/answer'
import { addDays, dayInProvince } from '$shared/i18n/wording'
import { api, type Product, type SiteDetail } from '../api'
import { wallet } from '../wallet/wallet'
import type { StoredOrder } from '../wallet/database'
import {
  atTime,
  onDay,
  orderBody,
  peopleFor,
  quantityOf,
  readReach,
  withQuantity,
  withSoldOnly,
  type Choice,
  type Draft,
} from './draft'
import { DraftStore } from './draft_store'
import { inOrder, needsDay, priceOf, totalOf } from './offers'
import { DAYS_SHOWN, Openings } from './openings.svelte'
import { placeOrder, type Outcome } from './placing'
import type { CompanionWanted } from './refusal'
import { stateOf, type Opening } from './times'

const drafts = new DraftStore(localStorage)

/** One purchase on the screen: the draft, what is sold on its day, and what stands in the way. */
export class Purchase {
  draft: Draft = $state.raw(null!)
  site = $state.raw<SiteDetail | null>(null)
  products = $state.raw<Product[] | null>(null)
  /** What is sold anywhere, to say what a ticket for several places saves. */
  everywhere = $state.raw<Product[]>([])
  failure = $state.raw<Failure | null>(null)
  waiting = $state.raw<StoredOrder | null>(null)
  sending = $state(false)
  readonly openings = new Openings()
  readonly today = dayInProvince(new Date())
  readonly total = $derived(totalOf(this.draft, this.products ?? []))
  readonly reach = $derived(readReach(this.draft.contact.reach))
  readonly dated = $derived((this.products ?? []).filter(needsDay))
  readonly dateless = $derived((this.products ?? []).filter((product) => !needsDay(product)))
  /** What can be chosen: all of it, or only what needs no day. */
  readonly offered = $derived(this.draft.dateless ? this.dateless : (this.products ?? []))
  /** The products whose openings say what a day is worth: those of this place alone, if any. */
  readonly telling = $derived(tellingOf(this.dated))
  /** Chosen products that are visited at times. */
  readonly timed = $derived(
    this.dated.filter(({ id }) => peopleFor(this.draft, id) > 0 && this.openings.isTimed(id)),
  )
  readonly timesMissing = $derived(this.timed.some(({ id }) => !this.#timeFits(id)))
  /** Why nobody can come on the chosen day. */
  readonly closed = $derived(this.openings.reason(this.telling, this.draft.visitDate))

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
    this.change(onDay(this.draft, visitDate))
    this.failure = null
    void this.loadProducts()
  }

  /** Only what needs no day; choices of other products are put back on the shelf. */
  chooseNoDay(): void {
    const kept = this.dateless.map(({ id }) => id)
    const draft = withSoldOnly(this.draft, ({ productId }) => kept.includes(productId))
    this.change({ ...draft, dateless: true, times: {} })
  }

  chooseTime(productId: number, opening: Opening): void {
    if (opening.slot_id === null) return this.chooseDay(opening.visit_date)
    const { visitDate } = this.draft
    this.change(
      atTime(this.draft, productId, {
        id: opening.slot_id,
        visitDate: opening.visit_date,
        startsAt: opening.starts_at,
        endsAt: opening.ends_at,
      }),
    )
    this.failure = null
    if (opening.visit_date !== visitDate) void this.loadProducts()
  }

  addCompanions({ productId, category, people }: CompanionWanted): void {
    const quantity = quantityOf(this.draft, productId, category) + people
    this.choose({ productId, category, quantity })
    this.failure = null
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
    this.openings.forget()
    await this.loadProducts()
    await this.openings.load(this.#datedIds(), this.today)
  }

  /** The person came back by the browser's own "back": the page is as it was when they left. */
  resume = async (): Promise<void> => {
    this.sending = false
    await this.load()
  }

  loadProducts = async (): Promise<void> => {
    const turn = ++this.#turn
    const date = this.draft.visitDate
    const query = { site: this.slug, date }
    const answer = await ask(api.GET('/api/v1/products', { params: { query } }))
    if (turn !== this.#turn) return
    if (!answer.ok) return void (this.failure = answer.failure)
    this.failure = null
    this.products = inOrder(answer.data.items)
    const sold = this.products
    void this.#lookAround()
    if (sold.some(({ entitlements }) => entitlements.length > 1)) void this.#loadEverywhere(date)
    const kept = withSoldOnly(this.draft, (choice) => priceOf(sold, choice) !== undefined)
    if (kept.choices.length < this.draft.choices.length) this.change(kept)
  }

  /** How much room there is around the chosen day, asked anew. */
  refreshTimes = (): Promise<void> =>
    this.openings.around(this.#datedIds(), this.draft.visitDate, this.today)

  /** Makes the order, once: a second tap while the first is under way does nothing. */
  async place(language: string): Promise<Outcome | null> {
    if (this.sending) return null
    this.sending = true
    this.failure = null
    const outcome = await this.#placed(language)
    this.sending = false
    if (outcome.step === 'failed') {
      this.failure = outcome.failure
      void this.refreshTimes()
    }
    return outcome
  }

  #placed(language: string): Promise<Outcome> {
    const noDay = this.dateless.map(({ id }) => id)
    return placeOrder(
      this.draft,
      orderBody(this.draft, language, (id) => noDay.includes(id)),
      {
        createOrder: (body, key) =>
          ask(api.POST('/api/v1/orders', { body, params: { header: { 'Idempotency-Key': key } } })),
        keepDraft: (draft) => this.change(draft),
        forgetDraft: (slug) => drafts.forget(slug),
        rememberOrder: (placed) => wallet.remember(placed, this.slug, new Date()),
        newKey: () => crypto.randomUUID(),
      },
    )
  }

  /** A day beyond the calendar that was loaded at first. */
  async #lookAround(): Promise<void> {
    if (this.draft.visitDate >= addDays(this.today, DAYS_SHOWN)) await this.refreshTimes()
  }

  async #loadEverywhere(date: string): Promise<void> {
    const answer = await ask(api.GET('/api/v1/products', { params: { query: { date } } }))
    if (answer.ok) this.everywhere = answer.data.items
  }

  #datedIds(): number[] {
    return this.dated.map(({ id }) => id)
  }

  #timeFits(productId: number): boolean {
    const time = this.draft.times[productId]
    if (!time) return false
    const opening = this.openings.all(productId).find(({ slot_id }) => slot_id === time.id)
    // One that is not known any more is the server's to judge.
    return !opening || stateOf(opening, peopleFor(this.draft, productId)) === 'room'
  }
}

function tellingOf(dated: Product[]): number[] {
  const single = dated.filter(({ entitlements }) => entitlements.length === 1)
  return (single.length > 0 ? single : dated).map(({ id }) => id)
}
