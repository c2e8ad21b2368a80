/** Nobody types four letters this fast; every hardware reader does. */
const LONGEST_GAP_MS = 100
const SURELY_A_READER = 4
/** Once it is surely a reader, a busy phone or a weak radio link may hold it up. */
const LONGEST_HICCUP_MS = 500
const SHORTEST_CODE = 6
const LONGEST_CODE = 1_000

/** What a hardware reader types: letters in quick succession, ended by Enter. */
export class KeySequence {
  #letters = ''
  #lastAt = -Infinity

  /** True while keys come as fast as only a reader sends them. */
  get isReader(): boolean {
    return this.#letters.length > 1
  }

  /** The whole code when this key ends one, else null. */
  press(key: string, at: number): string | null {
    const longest = this.#letters.length < SURELY_A_READER ? LONGEST_GAP_MS : LONGEST_HICCUP_MS
    if (at - this.#lastAt > longest || this.#letters.length > LONGEST_CODE) this.#letters = ''
    this.#lastAt = at
    if (key.length === 1) this.#letters += key
    if (key !== 'Enter') return null
    const code = this.#letters
    this.#letters = ''
    return code.length >= SHORTEST_CODE ? code : null
  }
}

/** Listens for a hardware reader until the returned function is called. */
export function listenToReader(onCode: (text: string) => void): () => void {
  const keys = new KeySequence()
  const hear = (event: KeyboardEvent): void => {
    if (isTyping(event.target) || event.ctrlKey || event.altKey || event.metaKey) return
    const code = keys.press(event.key, event.timeStamp)
    // Space and Enter are part of what is read; they must not press the button in focus.
    if (code || keys.isReader) event.preventDefault()
    if (code) onCode(code)
  }
  addEventListener('keydown', hear, { capture: true })
  return () => removeEventListener('keydown', hear, { capture: true })
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches('input, textarea, select')
}
