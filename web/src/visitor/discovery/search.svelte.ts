import { ask, type Failure } from '$shared/api/answer'
import { api, type SiteItem } from '../api'
import { seen } from '../seen/seen'
import type { Category } from './categories'
import { openFirst } from './ordering'

const PAGE = 20
/** As many as the server gives at once. */
const NEAR_PAGE = 100
const DEBOUNCE_MS = 250
const CHOSE_NEAR = 'ngomon.near'
const MAP_PAGE = 1000
/** A country's worth of places; more would be a burden on the phone, not a help. */
const MOST_MAP_PAGES = 5

/** What a place must have; the server knows each by this name. */
export const WISHES = ['free', 'step_free', 'guide', 'has_tour', 'tickets_today'] as const
export type Wish = (typeof WISHES)[number]

interface Position {
  lat: number
  lon: number
}

/** What the person looks for and what was found. One for the whole app, so that back is instant. */
class SiteSearch {
  text = $state('')
  category = $state<Category | ''>('')
  openNow = $state(false)
  wishes = $state.raw<readonly Wish[]>([])
  /** Whether the map stands beside the list. */
  onMap = $state(false)
  position = $state.raw<Position | null>(null)
  positionRefused = $state(false)

  items = $state.raw<SiteItem[]>([])
  count = $state(0)
  cursor = $state<string | null>(null)
  phase = $state<'new' | 'loading' | 'ready'>('new')
  failure = $state.raw<Failure | null>(null)

  points = $state.raw<MapPoint[]>([])

  #turn = 0
  #mapTurn = 0
  #timer: ReturnType<typeof setTimeout> | undefined
  #language = ''

  /** Loads the list once, and again when the language has changed. */
  async show(language: string): Promise<void> {
    if (this.phase !== 'new' && this.#language === language) return
    const isFirst = this.phase === 'new'
    this.#language = language
    await this.#load(null)
    if (isFirst && (await mayLocate())) this.near()
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

  wish(wish: Wish): void {
    const others = this.wishes.filter((one) => one !== wish)
    this.wishes = others.length < this.wishes.length ? others : [...others, wish]
    void this.#load(null)
  }

  showMap(onMap: boolean): void {
    this.onMap = onMap
    if (onMap) void this.#loadPoints()
  }

  more = (): void => void this.#load(this.cursor)
  again = (): void => void this.#load(null)

  clear(): void {
    this.text = ''
    this.category = ''
    this.openNow = false
    this.wishes = []
    this.again()
  }

  /** Asks the phone where it is; the position is used for this list and kept nowhere. */
  near(): void {
    rememberNear(this.position === null)
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
    if (cursor === null && this.onMap) void this.#loadPoints()
    const answer = await this.#ask(cursor)
    // An answer that was overtaken by a newer question is dropped.
    if (turn !== this.#turn) return
    this.phase = 'ready'
    this.failure = answer.ok ? null : answer.failure
    if (!answer.ok) return
    const found = this.position ? openFirst(answer.data.items) : answer.data.items
    this.items = cursor ? [...this.items, ...found] : found
    this.count = answer.data.count
    this.cursor = cursorOf(answer.data.next)
  }

  /** Every place that fits and whose point is known; the map puts close ones together itself. */
  async #loadPoints(): Promise<void> {
    const turn = ++this.#mapTurn
    const { cursor: _cursor, near: _near, ...query } = this.#query(null)
    const found: MapPoint[] = []
    let cursor: string | null = null
    for (let page = 0; page < MOST_MAP_PAGES; page++) {
      const asked = { ...query, limit: MAP_PAGE, ...(cursor && { cursor }) }
      const answer = await ask(api.GET('/api/v1/sites.geojson', { params: { query: asked } }))
      if (turn !== this.#mapTurn || !answer.ok) return
      // The answer is typed as GeoJSON; openapi-fetch knows it by its own media type.
      const collection = answer.data as unknown as { features: Feature[]; next: string | null }
      found.push(...collection.features.map(({ properties }) => pointOf(properties)))
      cursor = cursorOf(collection.next)
      if (!cursor) break
    }
    this.points = found
  }

  #ask(cursor: string | null) {
    const query = this.#query(cursor)
    const asking = ask(api.GET('/api/v1/sites', { params: { query } }))
    // Without network the plain list is worth showing again; an old search result is not.
    const isPlain = Object.keys(query).length === 1
    return isPlain ? seen.orRecall(`places ${this.#language}`, asking) : asking
  }

  #wished(wish: Wish): [string, string | boolean] {
    return wish === 'guide' ? ['guide_language', this.#language] : [wish, true]
  }

  #query(cursor: string | null) {
    const { position } = this
    return {
      // Open places come first among those that came: near places come together.
      limit: position ? NEAR_PAGE : PAGE,
      ...(this.text.trim() && { q: this.text.trim() }),
      ...(this.category && { category: this.category }),
      ...(this.openNow && { open_at: new Date().toISOString() }),
      ...Object.fromEntries(this.wishes.map((wish) => this.#wished(wish))),
      // Three digits are about 100 metres: enough to sort by, and nobody's doorstep.
      ...(position && { near: `${position.lat.toFixed(3)},${position.lon.toFixed(3)}` }),
      ...(cursor && { cursor }),
    }
  }
}

/** A place as the map shows it. */
export interface MapPoint {
  slug: string
  name: string
  language: string | null
  lat: number
  lon: number
  openNow: boolean | null
  /** How far off the point may be, in metres; null where nobody said. */
  error: number | null
}

interface Feature {
  properties: SiteItem
}

function pointOf(site: SiteItem): MapPoint {
  return {
    slug: site.slug,
    name: site.name,
    language: site.language,
    lat: site.location!.lat,
    lon: site.location!.lon,
    openNow: site.open_now,
    error: site.location_error_m,
  }
}

function cursorOf(next: string | null | undefined): string | null {
  return next ? new URL(next, location.origin).searchParams.get('cursor') : null
}

/** Whoever chose "near me" before, and let this app know the position, need not choose again. */
async function mayLocate(): Promise<boolean> {
  try {
    if (!localStorage.getItem(CHOSE_NEAR)) return false
    return (await navigator.permissions.query({ name: 'geolocation' })).state === 'granted'
  } catch {
    return false
  }
}

function rememberNear(near: boolean): void {
  try {
    if (near) localStorage.setItem(CHOSE_NEAR, 'yes')
    else localStorage.removeItem(CHOSE_NEAR)
  } catch {
    return
  }
}

export const search = new SiteSearch()
