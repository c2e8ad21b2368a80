import { ask, type Answer, type Failure } from '$shared/api/answer'
import type { Schemas } from '$shared/api/client'
import { api, type Order, type Ticket } from '../api'
import type { StoredOrder } from '../wallet/database'
import { wallet } from '../wallet/wallet'
import { withReplaced } from './people_left'
import { RequestKeys } from './request_keys'

export type Cancellation = Schemas['CancellationOut']
export type Move = Schemas['MoveOut']
export type Regrouped = Schemas['RegroupedOut']
export type Link = Schemas['TransferOut']
export type LinkOffered = Schemas['OfferedOut']
export type Opening = Schemas['OpeningOut']

export interface Some {
  ticket_id: string
  people: number
}

export interface Goal {
  ticket_ids: string[]
  visit_date?: string | null
  slot_id?: number | null
}

type Asked<T> = Parameters<typeof ask<T>>[0]

/** An order whose tickets are being changed: what the phone knows, and the calls that change it. */
export class Changing {
  stored = $state.raw<StoredOrder | null>(null)
  absent = $state(false)
  failure = $state.raw<Failure | null>(null)
  busy = $state(false)

  #keys = new RequestKeys()

  constructor(readonly code: string) {}

  get order(): Order | null {
    return this.stored?.order ?? null
  }

  ticket(id: string): Ticket | undefined {
    return this.order?.tickets.find((ticket) => ticket.id === id)
  }

  load = async (): Promise<void> => {
    this.stored = (await wallet.find(this.code).catch(() => undefined)) ?? null
    this.absent = this.stored === null
    await this.refresh()
  }

  refresh = async (): Promise<void> => {
    if (!this.stored) return
    const answer = await ask(api.GET('/api/v1/orders/{code}', { params: this.#order() }))
    if (answer.ok) await this.#know(answer.data)
  }

  previewCancellation = (quantities: Some[]): Promise<Cancellation | null> =>
    this.#asked(
      api.POST('/api/v1/orders/{code}/cancellations', {
        params: this.#order(),
        body: { quantities, everything: false, preview: true },
      }),
    )

  cancel = (quantities: Some[]): Promise<Cancellation | null> =>
    this.#changed(
      api.POST('/api/v1/orders/{code}/cancellations', {
        params: this.#order({ cancel: quantities }),
        body: { quantities, everything: false, preview: false },
      }),
    )

  previewMove = (goal: Goal): Promise<Move | null> =>
    this.#asked(
      api.POST('/api/v1/orders/{code}/moves', {
        params: this.#order(),
        body: { ...goal, preview: true },
      }),
    )

  move = (goal: Goal): Promise<Move | null> =>
    this.#changed(
      api.POST('/api/v1/orders/{code}/moves', {
        params: this.#order({ move: goal }),
        body: { ...goal, preview: false },
      }),
      (done) => {
        const replaced = done.items.filter((item) => !item.same_code).map((item) => item.ticket_id)
        return { ended: replaced, tickets: done.tickets }
      },
    )

  split = (ticket: string, people: number | null, into: 'singles' | 'one_code') =>
    this.#changed<Regrouped>(
      api.POST('/api/v1/tickets/{ticket_id}/split', {
        params: {
          path: { ticket_id: ticket },
          header: this.#order({ split: [ticket, people, into] }).header,
        },
        body: { people, into },
      }),
      (done) => done,
    )

  merge = (ticketIds: string[]): Promise<Regrouped | null> =>
    this.#changed(
      api.POST('/api/v1/orders/{code}/merges', {
        params: this.#order({ merge: ticketIds }),
        body: { ticket_ids: ticketIds },
      }),
      (done) => done,
    )

  async links(ticket: string): Promise<Link[]> {
    const path = '/api/v1/orders/{code}/transfers'
    const answer = await ask(api.GET(path, { params: this.#order() }))
    return answer.ok ? answer.data.items.filter((link) => link.ticket_id === ticket) : []
  }

  offer = (ticket: string): Promise<LinkOffered | null> =>
    this.#asked(
      api.POST('/api/v1/orders/{code}/transfers', {
        params: this.#order(),
        body: { ticket_id: ticket },
      }),
    )

  withdraw = (link: string): Promise<Link | null> => {
    const { path, header } = this.#order()
    return this.#asked(
      api.POST('/api/v1/orders/{code}/transfers/{transfer}/withdrawal', {
        params: { path: { ...path, transfer: link }, header },
      }),
    )
  }

  /** Asks the server once at a time; null when it refused or could not be heard. */
  async #asked<T>(request: Asked<T>): Promise<T | null> {
    this.busy = true
    this.failure = null
    const answer: Answer<T> = await ask<T>(request)
    this.busy = false
    if (answer.ok) return answer.data
    this.failure = answer.failure
    return null
  }

  /** The same, and what it changed is on this phone before anything else happens. */
  async #changed<T>(
    request: Asked<T>,
    codes: (done: T) => { ended: string[]; tickets: Ticket[] } = () => ({ ended: [], tickets: [] }),
  ): Promise<T | null> {
    const done = await this.#asked<T>(request)
    if (done === null) return null
    this.#keys.done()
    const { ended, tickets } = codes(done)
    if (this.order) await this.#know(withReplaced(this.order, ended, tickets))
    await this.refresh()
    return done
  }

  #order(wish?: unknown) {
    const secret = { 'Order-Secret': this.stored?.secret ?? '' }
    const key = wish === undefined ? {} : { 'Idempotency-Key': this.#keys.for(wish) }
    return {
      path: { code: this.code },
      header: { ...secret, ...key } as typeof secret & { 'Idempotency-Key': string },
    }
  }

  async #know(order: Order): Promise<void> {
    if (!this.stored) return
    const at = new Date()
    this.stored = { ...this.stored, order, knownAt: at.toISOString() }
    await wallet.refresh(order, at).catch(() => undefined)
  }
}
