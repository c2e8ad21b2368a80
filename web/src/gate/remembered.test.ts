// @vitest-environment happy-dom
import { expect, it } from 'vitest'
import { remember, remembered } from './remembered'

it('gives back what was remembered, and else what it is told to', () => {
  const storage = () => localStorage
  expect(remembered(storage, 'sound', true)).toBe(true)
  remember(storage, 'sound', false)
  expect(remembered(storage, 'sound', true)).toBe(false)
})

it('goes on without storage', () => {
  const refused = (): Storage => {
    throw new DOMException('', 'SecurityError')
  }
  remember(refused, 'sound', false)
  expect(remembered(refused, 'sound', true)).toBe(true)
})

it('goes on when somebody has written something else there', () => {
  localStorage.setItem('ngomon.gate.admitted', 'many')
  expect(remembered(() => localStorage, 'admitted', 0)).toBe(0)
})
