// @vitest-environment happy-dom
import { afterEach, expect, it } from 'vitest'
import { KeySequence, listenToReader } from './keyboard_reader'

const TOKEN = 'HUE1:112I/0/QM6 QS4%VO'
const read: string[] = []
let stop = (): void => {}
afterEach(() => {
  stop()
  read.length = 0
  document.body.innerHTML = ''
})

function typeAll(keys: string[], gap: number): (string | null)[] {
  const sequence = new KeySequence()
  return keys.map((key, at) => sequence.press(key, at * gap))
}

it('puts together what a reader types', () => {
  expect(typeAll([...TOKEN, 'Enter'], 4).at(-1)).toBe(TOKEN)
  expect(typeAll(['Shift', 'H', 'Shift', 'U', 'E', '1', ':', 'A', 'Enter'], 10).at(-1)).toBe(
    'HUE1:A',
  )
})

it('bears a hiccup in the middle of a code', () => {
  const sequence = new KeySequence()
  const keys = [...TOKEN, 'Enter']
  const read = keys.map((key, nth) => sequence.press(key, nth * 4 + (nth > 9 ? 300 : 0)))
  expect(read.at(-1)).toBe(TOKEN)
})

it('takes nothing that a person types', () => {
  expect(typeAll([...TOKEN, 'Enter'], 120).at(-1)).toBeNull()
  expect(typeAll(['a', 'b', 'Enter'], 4).at(-1)).toBeNull()
})

it('does not press the button in focus with the spaces and the end of a code', () => {
  document.body.innerHTML = '<button>Next</button>'
  stop = listenToReader((text) => read.push(text))
  const events = [...TOKEN, 'Enter'].map((key) => press(document.querySelector('button')!, key))
  expect(read).toEqual([TOKEN])
  expect(events.filter((event) => event.key === ' ' || event.key === 'Enter')).toSatisfy(
    (ends: KeyboardEvent[]) => ends.every((event) => event.defaultPrevented),
  )
})

it('leaves what is typed into a field to the field', () => {
  document.body.innerHTML = '<input />'
  stop = listenToReader((text) => read.push(text))
  const events = [...TOKEN, 'Enter'].map((key) => press(document.querySelector('input')!, key))
  expect(read).toEqual([])
  expect(events.some((event) => event.defaultPrevented)).toBe(false)
})

function press(target: HTMLElement, key: string): KeyboardEvent {
  const event = new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true })
  target.dispatchEvent(event)
  return event
}
