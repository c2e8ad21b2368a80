import { ask, type Failure } from '$shared/api/answer'
import { api } from '../api'
import type { OrderView } from '../orders/order_page.svelte'
import { PayingMemory } from './memory'
import { firstChoice, type Provider, type Way } from './ways'

const memory = new PayingMemory(localStorage)

/** How the buyer of one order pays: the ways it has, the chosen one, and what is under way. */
export class Paying {
  ways = $state.raw<Way[] | null>(null)
  way = $state<Provider | null>(null)
  failure = $state.raw<Failure | null>(null)
  opening = $state(false)
  /** Payments that the buyer says were sent, while this screen stands. */
  #told = $state.raw<number[]>([])

  constructor(readonly view: OrderView) {}

  load = async (): Promise<void> => {
    const secret = this.view.stored?.secret
    if (!secret) return
    this.failure = null
    const answer = await ask(
      api.GET('/api/v1/payments/providers', {
        params: { query: { order: this.view.code }, header: { 'Order-Secret': secret } },
      }),
    )
    if (!answer.ok) return void (this.failure = answer.failure)
    this.ways = answer.data.items
    this.way ??= firstChoice(this.ways, memory.way)
  }

  /** Opens a try: leads to the provider's page, or leaves the code on this one. */
  pay = async (): Promise<void> => {
    if (this.opening || !this.way) return
    this.opening = true
    memory.chose(this.way)
    const url = await this.#open(this.way)
    // Leaving for the payment page takes a moment, in which the button must stay quiet.
    if (url) return location.assign(url)
    this.opening = false
  }

  /** The same page once more; the server gives the one that is open, never a second. */
  reopen = async (provider: string | null): Promise<void> => {
    this.way = provider as Provider
    await this.pay()
  }

  /** The page was shown again from the browser's memory, as it was when the buyer left. */
  resume = (): void => void (this.opening = false)

  tell(paymentId: number | null): void {
    memory.tell(paymentId)
    if (paymentId !== null) this.#told = [...this.#told, paymentId]
  }

  wasTold(paymentId: number | null): boolean {
    return this.#told.some((id) => id === paymentId) || memory.wasTold(paymentId)
  }

  async #open(provider: Provider): Promise<string | null> {
    const { view } = this
    if (!view.stored) return null
    this.failure = null
    const answer = await ask(
      api.POST('/api/v1/orders/{code}/payments', {
        params: { path: { code: view.code }, header: { 'Order-Secret': view.stored.secret } },
        body: { provider },
      }),
    )
    if (answer.ok) view.gaveUp = false
    // The phone knows of the open try before anybody leaves: an app that comes back from the dead,
    // even without network, then checks instead of asking for money.
    await view.refresh()
    if (answer.ok) return answer.data.action.url ?? null
    this.failure = answer.failure
    return null
  }
}
