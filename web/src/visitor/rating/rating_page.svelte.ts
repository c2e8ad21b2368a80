import { ask, type Failure } from '$shared/api/answer'
import { api } from '../api'
import type { StoredOrder } from '../wallet/database'
import { wallet } from '../wallet/wallet'
import { mayHaveVisited } from './asking'
import { ratings } from './ratings'
import { send, type Sent } from './sending'

/** One question about one visit: whether it is asked, and what became of the answer. */
export class RatingView {
  phase = $state<'loading' | 'absent' | 'early' | 'asking' | 'sending' | 'done'>('loading')
  score = $state(0)
  comment = $state('')
  failure = $state.raw<Failure | null>(null)
  /** What an answer that the server does not have yet waits for. */
  waitsFor = $state<'network' | 'gate' | null>(null)

  #order: StoredOrder | null = null

  constructor(readonly code: string) {}

  load = async (): Promise<void> => {
    this.failure = null
    const stored = await wallet.find(this.code).catch(() => undefined)
    if (!stored) return void (this.phase = 'absent')
    this.#order = stored
    const rating = ratings.find(this.code)
    if (!rating) return this.#ask(stored)
    Object.assign(this, { score: rating.score, comment: rating.comment, phase: 'done' })
    if (rating.sent) return
    this.waitsFor = 'network'
    this.#show(await send(this.code, stored.secret, rating))
  }

  /** Keeps the answer on this phone, then sends it. */
  answer = async (): Promise<void> => {
    if (!this.#order || this.phase === 'sending') return
    this.phase = 'sending'
    this.failure = null
    const rating = { score: this.score, comment: this.comment.trim(), sent: false }
    const at = new Date().toISOString()
    this.#show(await send(this.code, this.#order.secret, { ...rating, at }))
  }

  #show(sent: Sent): void {
    this.phase = sent.as === 'refused' ? 'asking' : 'done'
    this.waitsFor = sent.as === 'waits' ? sent.for : null
    this.failure = sent.as === 'refused' ? sent.failure : null
  }

  async #ask({ order, secret }: StoredOrder): Promise<void> {
    const params = { path: { code: this.code }, header: { 'Order-Secret': secret } }
    const asked = await ask(api.GET('/api/v1/orders/{code}/survey', { params }))
    if (!asked.ok && asked.failure.kind === 'problem') return void (this.failure = asked.failure)
    if (asked.ok && asked.data.answer) {
      this.score = asked.data.answer.score
      this.phase = 'done'
    } else {
      const invited = asked.ok ? asked.data.invited : mayHaveVisited(order, new Date())
      this.phase = invited ? 'asking' : 'early'
    }
  }
}
