import type { GuideStop } from '../api'
import type { Plays } from './plays'
import { soundOf, type Sound } from './sound'

export const RATES = [0.75, 1, 1.25, 1.5] as const
const SKIP = 15
/** A place in the sound is remembered unless the rest is shorter than this, in seconds. */
const NEARLY_OVER = 5
const REMEMBERED = 'ngomon.listening'

export type Trouble = 'refused' | 'unreachable'

/**
 * Plays one stop at a time, also with the screen dark: the lock screen shows what is told and its
 * buttons work. Where somebody stopped listening is where they go on.
 */
export class Player {
  stop = $state.raw<GuideStop | null>(null)
  playing = $state(false)
  at = $state(0)
  rate = $state<number>(1)
  trouble = $state<Trouble | null>(null)
  /** Stops that were heard to the end, or nearly. */
  heard = $state.raw<ReadonlySet<number>>(new Set())
  readonly #audio = new Audio()
  readonly #plays: Plays
  readonly #guide: () => string
  #sound: Sound | null = null
  #play: { id: string; startedAt: string } | null = null

  /** `guide` is what the lock screen calls the whole. */
  constructor(plays: Plays, guide: () => string) {
    this.#plays = plays
    this.#guide = guide
    this.#audio.preload = 'auto'
    for (const happening of ['play', 'pause', 'ended', 'timeupdate', 'error'] as const)
      this.#audio.addEventListener(happening, () => this.#follow(happening))
    this.#useLockScreen()
  }

  /** Seconds of the whole; the sound itself knows best once it is there. */
  get duration(): number {
    const known = this.#audio.duration
    return Number.isFinite(known) && known > 0 ? known : (this.stop?.narration.duration_s ?? 0)
  }

  get share(): number {
    return this.duration ? this.at / this.duration : 0
  }

  /** Start a stop, or go on with it. */
  async play(stop: GuideStop): Promise<void> {
    if (this.stop?.id !== stop.id || !this.#sound) await this.#load(stop)
    this.trouble = null
    try {
      await this.#audio.play()
    } catch (error) {
      const refused = error instanceof DOMException && error.name === 'NotAllowedError'
      this.trouble = refused ? 'refused' : 'unreachable'
    }
  }

  pause = (): void => this.#audio.pause()

  seek(seconds: number): void {
    this.#audio.currentTime = Math.min(Math.max(seconds, 0), this.duration)
    this.at = this.#audio.currentTime
  }

  skip(seconds: number): void {
    this.seek(this.#audio.currentTime + seconds)
  }

  speak(rate: number): void {
    this.rate = rate
    this.#audio.playbackRate = rate
  }

  /** The screen is left: nothing goes on speaking that nobody can stop. */
  close(): void {
    this.#audio.pause()
    this.#sound?.release()
    this.#sound = null
    if ('mediaSession' in navigator) navigator.mediaSession.metadata = null
  }

  async #load(stop: GuideStop): Promise<void> {
    this.#audio.pause()
    this.#sound?.release()
    this.stop = stop
    this.#play = { id: crypto.randomUUID(), startedAt: new Date().toISOString() }
    this.#sound = await soundOf(stop.narration.audio_url ?? '')
    this.#audio.src = this.#sound.src
    this.#audio.playbackRate = this.rate
    this.seek(recall(stop.narration.id))
    this.#nameOnLockScreen(stop)
  }

  #follow(happening: string): void {
    this.playing = !this.#audio.paused
    this.at = this.#audio.currentTime
    const { stop } = this
    if (!stop) return
    if (happening === 'error' && this.#sound) this.trouble = 'unreachable'
    if (happening === 'ended') this.heard = new Set(this.heard).add(stop.id)
    if (happening === 'ended' || happening === 'pause') this.#note(stop, happening === 'ended')
  }

  #note(stop: GuideStop, whole: boolean): void {
    const left = this.duration - this.at
    remember(stop.narration.id, whole || left < NEARLY_OVER ? 0 : this.at)
    if (!this.#play || (!whole && this.at < 1)) return
    void this.#plays.note({
      play_id: this.#play.id,
      stop_id: stop.id,
      language: stop.narration.language,
      started_at: this.#play.startedAt,
      share_heard: whole ? 1 : Math.min(Math.round(this.share * 1000) / 1000, 1),
    })
  }

  #useLockScreen(): void {
    if (!('mediaSession' in navigator)) return
    const buttons: [MediaSessionAction, (details: MediaSessionActionDetails) => void][] = [
      ['play', () => void this.#audio.play()],
      ['pause', () => this.pause()],
      ['seekbackward', () => this.skip(-SKIP)],
      ['seekforward', () => this.skip(SKIP)],
      ['seekto', ({ seekTime }) => this.seek(seekTime ?? 0)],
    ]
    for (const [action, act] of buttons) navigator.mediaSession.setActionHandler(action, act)
  }

  #nameOnLockScreen(stop: GuideStop): void {
    if (!('mediaSession' in navigator)) return
    const artwork = stop.pictures.slice(0, 1).map(({ url }) => ({ src: url }))
    const title = `${stop.number}. ${stop.title}`
    navigator.mediaSession.metadata = new MediaMetadata({ title, album: this.#guide(), artwork })
  }
}

function recall(narration: number): number {
  return remembered()[narration] ?? 0
}

function remember(narration: number, seconds: number): void {
  const all = remembered()
  if (seconds > 0) all[narration] = Math.round(seconds)
  else delete all[narration]
  try {
    localStorage.setItem(REMEMBERED, JSON.stringify(all))
  } catch {
    return
  }
}

function remembered(): Record<number, number> {
  try {
    return JSON.parse(localStorage.getItem(REMEMBERED) ?? '{}') as Record<number, number>
  } catch {
    return {}
  }
}
