import type { Hotspot, Tour } from './tour'

/** What a hotspot says, over the picture; the focus comes here and goes back when it is closed. */
export class Card {
  readonly #place: HTMLElement
  readonly #tour: Tour
  #from: HTMLElement | null = null

  constructor(place: HTMLElement, tour: Tour) {
    this.#place = place
    this.#tour = tour
    place.tabIndex = -1
    place.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') this.close()
    })
  }

  open(hotspot: Hotspot, from: HTMLElement): void {
    const { words } = this.#tour
    this.#from = from
    const close = element('button', words.close)
    close.addEventListener('click', () => this.close())
    const parts = [element('h3', hotspot.title, hotspot.language)]
    if (hotspot.text) parts.push(element('p', hotspot.text, hotspot.language))
    const { narration } = hotspot
    if (narration?.audio_url) {
      const audio = document.createElement('audio')
      audio.controls = true
      audio.preload = 'none'
      audio.src = narration.audio_url
      audio.setAttribute('aria-label', narration.title)
      if (narration.origin === 'synthetic') parts.push(element('p', words.machine_voice))
      parts.push(audio)
    }
    if (narration) {
      const details = document.createElement('details')
      details.append(
        element('summary', words.transcript),
        element('p', narration.transcript, narration.language),
      )
      parts.push(details)
    }
    this.#place.replaceChildren(...parts, close)
    this.#place.hidden = false
    this.#place.focus()
  }

  close(): void {
    if (this.#place.hidden) return
    this.#place.hidden = true
    this.#place.replaceChildren()
    this.#from?.focus()
    this.#from = null
  }
}

function element(name: string, text: string, language?: string): HTMLElement {
  const made = document.createElement(name)
  made.textContent = text
  if (language) made.lang = language
  return made
}
