import { ask, type Answer, type Failure } from '$shared/api/answer'
import { createApi } from '$shared/api/client'
import type { Guide, GuideStop } from '../api'
import { seen } from '../seen/seen'
import { words } from '../words'
import { guideOf, wholePacks } from './kept'
import { ticketFor } from './opening'

/** A guide in one language, or the next one that it is told in. */
export class GuideView {
  guide = $state.raw<Guide | null>(null)
  failure = $state.raw<Failure | null>(null)
  /** Told from what the phone took along: every stop of it plays without network. */
  kept = $state(false)
  /** The language that somebody chose for this guide; empty: that of the app. */
  chosen = $state('')
  readonly #api = createApi(() => this.language)
  #asked = 0

  constructor(readonly id: number) {}

  get language(): string {
    return this.chosen || words.language
  }

  /**
   * What lies on the phone is told as it is, words and voice from the same version; the server is
   * asked when nothing does.
   */
  load = async (): Promise<void> => {
    const asked = ++this.#asked
    const { language } = this
    this.failure = null
    const here = await this.#onPhone(language)
    if (asked !== this.#asked) return
    if (here) return this.#show(here, true)
    const answer = await this.#ask(language)
    if (asked !== this.#asked) return
    if (answer.ok) return this.#show(answer.data, false)
    const other = await this.#onPhone(null)
    if (asked !== this.#asked) return
    if (other) this.#show(other, true)
    else this.failure = answer.failure
  }

  numbered(number: number): GuideStop | null {
    return this.guide?.stops.find((stop) => stop.number === number) ?? null
  }

  labelled(code: string): GuideStop | null {
    return this.guide?.stops.find((stop) => stop.qr_code === code) ?? null
  }

  #show(guide: Guide, kept: boolean): void {
    this.guide = guide
    this.kept = kept
  }

  /** The guide from a pack in a language, or with null in any. */
  async #onPhone(language: string | null): Promise<Guide | null> {
    for (const pack of await wholePacks(this.id)) {
      if (language !== null && pack.key.language !== language) continue
      const guide = await guideOf(pack).catch(() => null)
      if (guide) return guide
    }
    return null
  }

  async #ask(language: string): Promise<Answer<Guide>> {
    const question = `guide ${this.id} ${language}`
    const first = await seen.orRecall(question, this.#get(''))
    if (!first.ok || first.data.is_free) return first
    // Anybody reads the words; the voices are for who has a ticket.
    const ticket = await ticketFor(first.data.site)
    return ticket ? seen.orRecall(`${question} opened`, this.#get(ticket)) : first
  }

  #get(ticket: string): Promise<Answer<Guide>> {
    const headers = ticket ? { 'Ticket-Token': ticket } : {}
    const params = { path: { guide_id: this.id } }
    return ask(this.#api.GET('/api/v1/guides/{guide_id}', { params, headers }))
  }
}
