import type { GuideStop } from '../api'
import { sourceOf, type Source } from './kept'

export interface Buttons {
  play: () => void
  pause: () => void
  /** Zero: as far as our own buttons go; negative: back. */
  skip: (seconds: number) => void
  seek: (seconds: number) => void
  step: (by: 1 | -1) => void
}

export interface Sounding {
  playing: boolean
  at: number
  duration: number
  rate: number
}

/** What the lock screen, a headset and a car show of the player, and what their buttons do. */
export class LockScreen {
  readonly #session = 'mediaSession' in navigator ? navigator.mediaSession : null
  readonly #guide: () => string
  readonly #actions: MediaSessionAction[] = []
  #pictures: Source[] = []

  constructor(guide: () => string, buttons: Buttons) {
    this.#guide = guide
    this.#use('play', () => buttons.play())
    this.#use('pause', () => buttons.pause())
    this.#use('seekbackward', ({ seekOffset }) => buttons.skip(-(seekOffset ?? 15)))
    this.#use('seekforward', ({ seekOffset }) => buttons.skip(seekOffset ?? 15))
    this.#use('seekto', ({ seekTime }) => buttons.seek(seekTime ?? 0))
    this.#use('previoustrack', () => buttons.step(-1))
    this.#use('nexttrack', () => buttons.step(1))
  }

  /** Show a stop; its picture follows when it is found. */
  name(stop: GuideStop): void {
    if (!this.#session) return
    this.#forgetPictures()
    const title = `${stop.number}. ${stop.title}`
    const about = { title, album: this.#guide() }
    const shown = new MediaMetadata(about)
    this.#session.metadata = shown
    void this.#artwork(stop).then((artwork) => {
      const isStill = this.#session?.metadata === shown
      if (isStill) this.#session!.metadata = new MediaMetadata({ ...about, artwork })
    })
  }

  tell({ playing, at, duration, rate }: Sounding): void {
    if (!this.#session) return
    this.#session.playbackState = playing ? 'playing' : 'paused'
    if (!(duration > 0) || at > duration) return
    this.#session.setPositionState({ duration, position: at, playbackRate: rate })
  }

  close(): void {
    this.#forgetPictures()
    if (!this.#session) return
    this.#session.metadata = null
    this.#session.playbackState = 'none'
    for (const action of this.#actions) this.#session.setActionHandler(action, null)
  }

  #use(action: MediaSessionAction, act: (details: MediaSessionActionDetails) => void): void {
    try {
      this.#session?.setActionHandler(action, act)
      this.#actions.push(action)
    } catch {
      // A browser that does not know a button shows the others.
      return
    }
  }

  async #artwork(stop: GuideStop): Promise<MediaImage[]> {
    const [picture] = stop.pictures
    if (!picture) return [{ src: '/icon-512.png', sizes: '512x512', type: 'image/png' }]
    const source = await sourceOf([picture.sha256], picture.url)
    this.#pictures.push(source)
    return [{ src: source.src, sizes: `${picture.width}x${picture.height}` }]
  }

  #forgetPictures(): void {
    for (const picture of this.#pictures.splice(0)) picture.release()
  }
}
