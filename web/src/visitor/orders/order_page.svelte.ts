import { ask, type Failure } from '$shared/api/answer'
import { api } from '../api'
import type { StoredOrder } from '../wallet/database'
import { wallet } from '../wallet/wallet'
import { poll } from './polling'
import { standingOf } from './standing'

/** An order on the screen: first as the phone knows it, then as the server says. */
export class OrderView {
  stored = $state.raw<StoredOrder | null>(null)
  absent = $state(false)
  failure = $state.raw<Failure | null>(null)
  now = $state.raw(new Date())
  gaveUp = $state(false)
  readonly standing = $derived(
    this.stored ? standingOf(this.stored.order, { gaveUp: this.gaveUp, now: this.now }) : null,
  )

  #asked = 0

  /** `secret` came with the link of the mail; a phone that has the order does not need it. */
  constructor(
    readonly code: string,
    gaveUp: boolean,
    readonly secret: string = '',
  ) {
    this.gaveUp = gaveUp
  }

  /** Shows and follows the order until the screen goes. */
  async follow(signal: AbortSignal): Promise<void> {
    const clock = setInterval(() => (this.now = new Date()), 1000)
    signal.addEventListener('abort', () => clearInterval(clock), { once: true })
    const stored = (await wallet.find(this.code).catch(() => undefined)) ?? (await this.#receive())
    if (!stored) return void (this.absent = !this.failure)
    this.stored = stored
    await this.refresh()
    await poll(async () => {
      if (this.#isSettled()) return 'done'
      if (document.visibilityState === 'visible') await this.refresh()
      return this.#isSettled() ? 'done' : 'again'
    }, signal)
  }

  refresh = async (): Promise<void> => {
    if (!this.stored) return
    const asked = ++this.#asked
    const answer = await ask(
      api.GET('/api/v1/orders/{code}', {
        params: { path: { code: this.code }, header: { 'Order-Secret': this.stored.secret } },
      }),
    )
    if (asked !== this.#asked) return
    // Without network the kept order is what we show; the offline line says since when.
    this.failure = answer.ok || answer.failure.kind === 'offline' ? null : answer.failure
    if (!answer.ok) return
    const at = new Date()
    this.stored = { ...this.stored, order: answer.data, knownAt: at.toISOString() }
    await wallet.refresh(answer.data, at).catch(() => undefined)
  }

  /** The person came back by the browser's own "back": the page is as it was when they left. */
  resume = async (): Promise<void> => this.refresh()

  /** Opens an order that was bought on another phone, by the secret in the link. */
  async #receive(): Promise<StoredOrder | undefined> {
    if (!this.secret) return undefined
    const answer = await ask(
      api.GET('/api/v1/orders/{code}', {
        params: { path: { code: this.code }, header: { 'Order-Secret': this.secret } },
      }),
    )
    if (answer.ok) return wallet.receive(answer.data, this.secret, new Date())
    const wrongLink = answer.failure.kind === 'problem' && answer.failure.status === 404
    this.failure = wrongLink ? null : answer.failure
    return undefined
  }

  #isSettled(): boolean {
    return this.standing === 'paid' || this.standing === 'cancelled'
  }
}
