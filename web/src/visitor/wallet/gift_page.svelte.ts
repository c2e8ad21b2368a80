import { ask, type Failure } from '$shared/api/answer'
import type { Schemas } from '$shared/api/client'
import { api } from '../api'
import { gifts, type Gift } from './gifts'

/** A ticket that was given by a link: what it is, taking it, and showing it afterwards. */
export class GiftView {
  gift = $state.raw<Gift | null>(null)
  offer = $state.raw<Schemas['GiftOut'] | null>(null)
  failure = $state.raw<Failure | null>(null)
  taking = $state(false)
  /** There is neither a link that we could ask with nor a ticket on this phone. */
  absent = $state(false)

  constructor(
    readonly code: string,
    readonly secret: string,
  ) {}

  load = async (): Promise<void> => {
    this.failure = null
    this.gift = (await gifts.find(this.code).catch(() => undefined)) ?? null
    if (this.gift?.ticket) return this.refresh()
    const secret = this.secret || this.gift?.secret
    if (!secret) return void (this.absent = true)
    const answer = await ask(
      api.GET('/api/v1/transfers/{transfer}', {
        params: { path: { transfer: this.code }, header: { 'Transfer-Secret': secret } },
      }),
    )
    if (answer.ok) {
      this.offer = answer.data
      // Our own acceptance whose answer was lost: the same key brings the ticket now.
      if (answer.data.status === 'accepted' && this.gift) await this.take()
    } else if (isWrongLink(answer.failure)) this.absent = true
    else this.failure = answer.failure
  }

  /** Takes the ticket, once: a repeat after a lost answer brings the same one. */
  take = async (): Promise<void> => {
    if (this.taking) return
    this.taking = true
    this.failure = null
    const gift = await this.#begun()
    const answer = await ask(
      api.POST('/api/v1/transfers/{transfer}/acceptance', {
        params: {
          path: { transfer: this.code },
          header: { 'Transfer-Secret': gift.secret, 'Idempotency-Key': gift.key },
        },
      }),
    )
    this.taking = false
    if (!answer.ok) return void (this.failure = answer.failure)
    const { ticket, ticket_secret: ticketSecret } = answer.data
    await this.#keep({ ...gift, ticketSecret, ticket, knownAt: new Date().toISOString() })
  }

  /** What the server newly says of the ticket; without network the kept one stays. */
  refresh = async (): Promise<void> => {
    const gift = this.gift
    if (!gift?.ticket) return
    const answer = await ask(
      api.GET('/api/v1/tickets/{ticket_id}', {
        params: {
          path: { ticket_id: gift.ticket.id },
          header: { 'Order-Secret': gift.ticketSecret },
        },
      }),
    )
    if (answer.ok)
      await this.#keep({ ...gift, ticket: answer.data, knownAt: new Date().toISOString() })
  }

  async #keep(gift: Gift): Promise<void> {
    this.gift = gift
    await gifts.keep(gift).catch(() => undefined)
  }

  async #begun(): Promise<Gift> {
    const key = () => crypto.randomUUID()
    const at = new Date()
    const secret = this.secret || this.gift?.secret || ''
    // A phone that keeps nothing still shows the ticket as long as the page is open.
    const unkept = { code: this.code, secret, key: key(), ticketSecret: '', ticket: null }
    const begun = gifts.begin(this.code, secret, key, at)
    this.gift = await begun.catch(() => ({ ...unkept, knownAt: at.toISOString() }))
    return this.gift
  }
}

function isWrongLink(failure: Failure): boolean {
  return failure.kind === 'problem' && failure.status === 404
}
