import type { GuideStop } from '../api'
import { sourceOf, type Source } from './kept'
import { LockScreen } from './lock_screen'
import type { Plays } from './plays'
import { recall, recallRate, remember, rememberRate } from './remembered'

export const RATES = [0.75, 1, 1.25, 1.5, 2] as const
export const SKIP_S = 15
/** A place in the sound is remembered unless the rest is shorter than this, in seconds. */
const NEARLY_OVER = 5
/** So often the place in the sound is noted while it plays: a killed app loses no more. */
const NOTED_EACH_S = 5

const HAPPENINGS = ['play', 'pause', 'ended', 'timeupdate', 'durationchange', 'error'] as const

/** `refused`: the browser wants a tap first. `locked`: it comes with a ticket. */
export type Trouble = 'refused' | 'unreachable' | 'locked'

/**
 * Plays one stop at a time, also with the screen dark: the lock screen shows what is told and its
 * buttons work. Where somebody stopped listening is where they go on.
 */
export class Player {
  stop = $state.raw<GuideStop | null>(null)
  playing = $state(false)
  at = $state(0)
  rate = $state<number>(recallRate())
  trouble = $state<Trouble | null>(null)
  /** Whether what plays lies on the phone. */
  kept = $state(false)
  /** Stops that were heard to the end, or nearly. */
  heard = $state.raw<ReadonlySet<number>>(new Set())
  /** Seconds that the sound itself says it has; 0 before it is there. */
  #measured = $state(0)
  readonly #audio = new Audio()
  readonly #plays: Plays
  readonly #lockScreen: LockScreen
  #source: Source | null = null
  #loads = 0
  #noted = 0
  #play: { id: string; startedAt: string } | null = null

  /** `guide` is what the lock screen calls the whole; `step` leads to the stop before or after. */
  constructor(plays: Plays, guide: () => string, step: (by: 1 | -1) => void) {
    this.#plays = plays
    this.#audio.preload = 'auto'
    for (const happening of HAPPENINGS)
      this.#audio.addEventListener(happening, () => this.#follow(happening))
    this.#lockScreen = new LockScreen(guide, {
      play: () => this.stop && void this.play(this.stop),
      pause: () => this.pause(),
      skip: (seconds) => this.skip(seconds || SKIP_S),
      seek: (seconds) => this.seek(seconds),
      step,
    })
    addEventListener('pagehide', this.#leave)
  }

  /** Seconds of the whole; the sound itself knows best once it is there. */
  get duration(): number {
    return this.#measured || (this.stop?.narration.duration_s ?? 0)
  }

  get share(): number {
    return this.duration ? this.at / this.duration : 0
  }

  /** Start a stop, or go on with it. */
  async play(stop: GuideStop): Promise<void> {
    const isNew = this.stop?.id !== stop.id || !this.#source || this.trouble === 'unreachable'
    if (isNew && !(await this.#load(stop))) return
    this.trouble = null
    try {
      await this.#audio.play()
    } catch (error) {
      // Another stop was chosen before this one began.
      if (error instanceof DOMException && error.name === 'AbortError') return
      const refused = error instanceof DOMException && error.name === 'NotAllowedError'
      this.trouble = refused ? 'refused' : 'unreachable'
    }
  }

  pause = (): void => this.#audio.pause()

  seek(seconds: number): void {
    this.#audio.currentTime = Math.min(Math.max(seconds, 0), this.duration)
    this.at = this.#audio.currentTime
    this.#tellLockScreen()
  }

  skip(seconds: number): void {
    this.seek(this.#audio.currentTime + seconds)
  }

  speak(rate: number): void {
    this.rate = rate
    this.#audio.defaultPlaybackRate = this.#audio.playbackRate = rate
    rememberRate(rate)
    this.#tellLockScreen()
  }

  /** The screen is left: nothing goes on speaking that nobody can stop. */
  close(): void {
    this.#leave()
    removeEventListener('pagehide', this.#leave)
    this.#audio.pause()
    this.#source?.release()
    this.#source = null
    this.#lockScreen.close()
  }

  /** False when another stop was chosen meanwhile, or there is nothing to play. */
  async #load(stop: GuideStop): Promise<boolean> {
    const load = ++this.#loads
    this.#audio.pause()
    this.stop = stop
    this.at = 0
    const { narration } = stop
    const contents = [narration.sha256, ...narration.files.map((file) => file.sha256)]
    const source = await sourceOf(contents.filter(Boolean) as string[], narration.audio_url ?? '')
    if (load !== this.#loads) {
      source.release()
      return false
    }
    this.#source?.release()
    this.#source = source
    this.kept = source.kept
    if (!source.src) {
      this.trouble = 'locked'
      return false
    }
    this.#play = { id: crypto.randomUUID(), startedAt: new Date().toISOString() }
    this.#audio.src = source.src
    this.#measured = 0
    this.#audio.defaultPlaybackRate = this.#audio.playbackRate = this.rate
    this.#noted = recall(narration.id)
    this.seek(this.#noted)
    this.#lockScreen.name(stop)
    return true
  }

  #follow(happening: string): void {
    this.playing = !this.#audio.paused
    this.at = this.#audio.currentTime
    const { duration } = this.#audio
    this.#measured = Number.isFinite(duration) ? duration : 0
    const { stop } = this
    if (!stop) return
    if (happening === 'error' && this.#source?.src) this.trouble = 'unreachable'
    if (happening !== 'timeupdate') this.#tellLockScreen()
    if (happening === 'ended') this.heard = new Set(this.heard).add(stop.id)
    const late = Math.abs(this.at - this.#noted) >= NOTED_EACH_S
    if (happening === 'ended' || happening === 'pause' || late)
      this.#note(stop, happening === 'ended')
  }

  #leave = (): void => {
    if (this.stop && this.playing) this.#note(this.stop, false)
  }

  #note(stop: GuideStop, whole: boolean): void {
    this.#noted = this.at
    const left = this.duration - this.at
    remember(stop.narration.id, whole || left < NEARLY_OVER ? 0 : this.at)
    if (!this.#play || (!whole && this.at < 1)) return
    const { id: play_id, startedAt: started_at } = this.#play
    const share_heard = whole ? 1 : Math.min(Math.round(this.share * 1000) / 1000, 1)
    const { language } = stop.narration
    void this.#plays
      .note({ play_id, stop_id: stop.id, language, started_at, share_heard })
      .catch(() => {})
  }

  #tellLockScreen(): void {
    const { playing, at, duration, rate } = this
    this.#lockScreen.tell({ playing, at, duration, rate })
  }
}
