import { PackRefusedError } from '$shared/packs/packs'
import { bytesOf, type HeldPack, type PackKey, type Plan } from '$shared/packs/manifest'
import { network } from '$shared/network.svelte'
import { packs } from './kept'
import { ticketFor } from './opening'

/**
 * How it stands with taking a guide along.
 *
 * - `asking`, `unknown`: the size is being asked for; there was no network to ask
 * - `offered`, `coming`, `paused`, `broken`: before, while and between
 * - `here`, `changed`: on the phone as it is now, or as it was before
 * - `locked`, `full`, `failed`: no ticket; no room; the server has no such thing
 */
export type Standing =
  | 'asking'
  | 'unknown'
  | 'offered'
  | 'coming'
  | 'paused'
  | 'broken'
  | 'here'
  | 'changed'
  | 'locked'
  | 'full'
  | 'failed'

export type Quality = PackKey['quality']
export const QUALITIES: readonly Quality[] = ['high', 'low']

/** Opus says the same in half of the bytes; a phone that is not sure to play it gets MP3. */
const FORMAT: PackKey['format'] =
  new Audio().canPlayType('audio/ogg; codecs=opus') === 'probably' ? 'opus' : 'mp3'

/** A download that broke is tried again by itself after so long. */
const AGAIN_MS = 15_000

/**
 * One guide in one language on its way to the phone. It goes on while somebody looks at other
 * screens, and after a break as soon as there is a network again.
 */
export class TakeAlong {
  standing = $state<Standing>('asking')
  plans = $state.raw<Partial<Record<Quality, Plan>>>({})
  quality = $state<Quality>('high')
  /** Bytes that are here, of those that make the pack, or the change, whole. */
  done = $state(0)
  total = $state(0)
  /** The pack that plays now, until a newer one is here. */
  held = $state.raw<HeldPack | null>(null)
  /** How often a pack came whole: who shows the guide looks anew. */
  arrivals = $state(0)
  #stop: AbortController | null = null
  #running: Promise<void> = Promise.resolve()
  #again: ReturnType<typeof setTimeout> | undefined

  constructor(
    readonly guide: number,
    readonly site: string,
    readonly language: string,
  ) {
    addEventListener('online', () => void this.#resume())
  }

  get plan(): Plan | undefined {
    return this.plans[this.quality]
  }

  /** See what is on the phone, and ask the server what there would be to fetch. */
  look = async (): Promise<void> => {
    if (this.standing === 'coming') return
    await this.#lookAtPhone()
    try {
      const ticket = await ticketFor(this.site)
      const asked = this.held ? [this.held.key.quality] : QUALITIES
      const plans = await Promise.all(asked.map((each) => packs.plan(this.#key(each), ticket)))
      network.heard()
      this.plans = Object.fromEntries(asked.map((quality, index) => [quality, plans[index]]))
      this.#stand()
    } catch (error) {
      this.#failed(error)
    }
  }

  /** Fetch, go on, or fetch what changed. */
  start = (): Promise<void> => {
    if (this.standing !== 'coming') this.#running = this.#fetch()
    return this.#running
  }

  pause = (): void => this.#stop?.abort()

  /** Throw it away, also while it comes. */
  forget = async (): Promise<void> => {
    this.#stop?.abort()
    clearTimeout(this.#again)
    await this.#running
    await packs.forget(this.#key(this.quality))
    this.held = null
    this.plans = {}
    this.standing = 'asking'
    await this.look()
  }

  async #fetch(): Promise<void> {
    clearTimeout(this.#again)
    const stop = (this.#stop = new AbortController())
    this.standing = 'coming'
    try {
      const ticket = await ticketFor(this.site)
      const plan = await packs.plan(this.#key(this.quality), ticket)
      this.plans = { ...this.plans, [this.quality]: plan }
      if (!(await hasRoom(plan.missingBytes))) return void (this.standing = 'full')
      this.#begin(plan)
      const told = ({ done, total }: { done: number; total: number }) => {
        this.done = Math.max(this.total - total + done, 0)
      }
      this.held = await packs.download(plan, { told, signal: stop.signal })
      this.standing = 'here'
      this.arrivals += 1
    } catch (error) {
      if (stop.signal.aborted) this.standing = 'paused'
      else this.#failed(error)
    }
  }

  #key(quality: Quality): PackKey {
    if (this.held?.key.quality === quality) return this.held.key
    return { guide: this.guide, language: this.language, quality, format: FORMAT }
  }

  async #lookAtPhone(): Promise<void> {
    const all = await packs.held().catch(() => [])
    const mine = all.filter(({ key }) => key.guide === this.guide && key.language === this.language)
    const pack = mine.find(({ version }) => version !== null) ?? mine[0]
    if (pack) this.quality = pack.key.quality
    this.held = pack ?? null
  }

  /** A first download counts the whole pack, a change only what changed. */
  #begin(plan: Plan): void {
    const isChange = plan.pack.version !== null
    this.total = isChange ? plan.missingBytes : plan.bytes
    this.done = plan.bytes - plan.missingBytes
    if (isChange) this.done = 0
  }

  #stand(): void {
    const { plan } = this
    if (!plan) return
    this.#begin(plan)
    if (plan.upToDate) this.standing = 'here'
    else if (plan.pack.version !== null) this.standing = 'changed'
    else this.standing = this.held ? 'paused' : 'offered'
  }

  #failed(error: unknown): void {
    if (error instanceof PackRefusedError && error.status < 500) {
      // What was taken along plays on, whatever became of the ticket.
      if (this.held?.version) return void (this.standing = 'here')
      return void (this.standing = error.status === 403 ? 'locked' : 'failed')
    }
    if (isFull(error)) return void (this.standing = 'full')
    if (error instanceof TypeError) network.lost()
    const wasComing = this.standing === 'coming'
    if (wasComing) {
      this.standing = 'broken'
      this.#again = setTimeout(() => void this.#resume(), AGAIN_MS)
    } else if (this.held) this.standing = this.held.version ? 'here' : 'paused'
    else this.standing = 'unknown'
  }

  async #resume(): Promise<void> {
    if (this.standing === 'broken') await this.start()
    else if (this.standing === 'unknown') await this.look()
  }
}

/** A phone that says how much room it has is asked before anything travels. */
async function hasRoom(bytes: number): Promise<boolean> {
  const { quota, usage } = (await navigator.storage?.estimate?.().catch(() => null)) ?? {}
  return quota === undefined || usage === undefined || quota - usage > bytes
}

function isFull(error: unknown): boolean {
  const named = error as { name?: string; inner?: { name?: string } } | null
  return [named?.name, named?.inner?.name].includes('QuotaExceededError')
}

const all = new Map<string, TakeAlong>()

/** The one download of a guide in a language, whichever screen looks at it. */
export function takeAlong(guide: number, site: string, language: string): TakeAlong {
  const name = `${guide}/${language}`
  const known = all.get(name) ?? new TakeAlong(guide, site, language)
  all.set(name, known)
  return known
}

/** Throw a pack away, whatever is going on with it. */
export async function forgetPack({ key }: HeldPack): Promise<void> {
  const known = all.get(`${key.guide}/${key.language}`)
  await (known && known.held?.key.quality === key.quality ? known.forget() : packs.forget(key))
}

/** Of a held pack, what it takes on the phone. */
export function takes(pack: HeldPack): number {
  return bytesOf(pack.files)
}
