import { ask, type Failure } from '$shared/api/answer'
import { api, type SiteItem } from '../api'
import { seen } from '../seen/seen'
import type { Category } from './categories'

const PAGE = 20
const DEBOUNCE_MS = 250

interface Position {
  lat: number
  lon: number
}

/** What the person looks for and what was found. One for the whole app, so that back is instant. */
class SiteSearch {
  text = $state('')
  category = $state<Category | ''>('')
  openNow = $state(false)
  position = $state.raw<Position | null>(null)
  positionRefused = $state(false)

  items = $state.raw<SiteItem[]>([])
  count = $state(0)
  cursor = $state<string | null>(null)
  phase = $state<'new' | 'loading' | 'ready'>('new')
  failure = $state.raw<Failure | null>(null)

  #turn = 0
  #timer: ReturnType<typeof setTimeout> | undefined
  #language = ''

  /** Loads the list once, and again when the language has changed. */
  async show(language: string): Promise<void> {
    if (this.phase !== 'new' && this.#language === language) return
    this.#language = language
    await this.#load(null)
  }

  type(text: string): void {
    this.text = text
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => void this.#load(null), DEBOUNCE_MS)
  }

  filter(change: { category?: Category | ''; openNow?: boolean }): void {
    Object.assign(this, change)
    void this.#load(null)
  }

  more = (): void => void this.#load(this.cursor)
  again = (): void => void this.#load(null)

  clear(): void {
    this.text = ''
    this.category = ''
    this.openNow = false
    this.again()
  }

  /** Asks the phone where it is; the position is used for this list and kept nowhere. */
  near(): void {
    if (this.position) {
      this.position = null
      return this.again()
    }
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        this.positionRefused = false
        this.position = { lat: coords.latitude, lon: coords.longitude }
        this.again()
      },
      () => (this.positionRefused = true),
      { timeout: 10_000, maximumAge: 60_000 },
    )
  }

  async #load(cursor: string | null): Promise<void> {
    const turn = ++this.#turn
    this.phase = 'loading'
    const answer = await this.#ask(cursor)
    // An answer that was overtaken by a newer question is dropped.
    if (turn !== this.#turn) return
    this.phase = 'ready'
    this.failure = answer.ok ? null : answer.failure
    if (!answer.ok) return
    this.items = cursor ? [...this.items, ...answer.data.items] : answer.data.items
    this.count = answer.data.count
    this.cursor = cursorOf(answer.data.next)
  }

  #ask(cursor: string | null) {
    const query = this.#query(cursor)
    const asking = ask(api.GET('/api/v1/sites', { params: { query } }))
    // Without network the plain list is worth showing again; an old search result is not.
    const isPlain = Object.keys(query).length === 1
    return isPlain ? seen.orRecall(`places ${this.#language}`, asking) : asking
  }

  #query(cursor: string | null) {
    const { position } = this
    return {
      limit: PAGE,
      ...(this.text.trim() && { q: this.text.trim() }),
      ...(this.category && { category: this.category }),
      ...(this.openNow && { open_at: new Date().toISOString() }),
      ...(position && { near: `${position.lat.toFixed(5)},${position.lon.toFixed(5)}` }),
      ...(cursor && { cursor }),
    }
  }
}

function cursorOf(next: string | null | undefined): string | null {
  return next ? new URL(next, location.origin).searchParams.get('cursor') : null
}

export const search = new SiteSearch()
