import type { Scene } from './tour'

/** What is told in the scene that is seen, under the picture. The list has it too. */
export class SceneVoice {
  readonly #place: HTMLElement
  #stop: number | null = null

  constructor(place: HTMLElement) {
    this.#place = place
    // One voice at a time, wherever on the page it began.
    document.addEventListener('play', (event) => hush(event.target as HTMLAudioElement), true)
  }

  /** The same stop goes on speaking where the next scene tells of it too. */
  show(scene: Scene): void {
    const stop = scene.narration?.stop_id ?? null
    if (stop === this.#stop) return
    this.#stop = stop
    const list = document.querySelector(`#scene-${scene.number} .heard`)
    this.#place.replaceChildren(...(list ? [list.cloneNode(true)] : []))
    this.#place.hidden = list === null
  }
}

function hush(speaking: HTMLAudioElement): void {
  for (const other of document.querySelectorAll('audio')) if (other !== speaking) other.pause()
}
