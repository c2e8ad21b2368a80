import { ask, type Failure } from '$shared/api/answer'
import { api, type Guide, type GuideStop } from '../api'
import { seen } from '../seen/seen'
import { words } from '../words'

/** A guide in the language of the app, or the next one that it is told in. */
export class GuideView {
  guide = $state.raw<Guide | null>(null)
  failure = $state.raw<Failure | null>(null)

  constructor(readonly id: number) {}

  load = async (): Promise<void> => {
    this.failure = null
    const asking = api.GET('/api/v1/guides/{guide_id}', { params: { path: { guide_id: this.id } } })
    const answer = await seen.orRecall(`guide ${this.id} ${words.language}`, ask(asking))
    if (answer.ok) this.guide = answer.data
    else this.failure = answer.failure
  }

  numbered(number: number): GuideStop | null {
    return this.guide?.stops.find((stop) => stop.number === number) ?? null
  }

  labelled(code: string): GuideStop | null {
    return this.guide?.stops.find((stop) => stop.qr_code === code) ?? null
  }
}
