import { expect, it } from 'vitest'
import { beginOf, passageAt } from './passages'

const TOLD = ['aaaa', 'bb', 'cccc']

it.each([
  [-1, 0],
  [0, 0],
  [0.39, 0],
  [0.41, 1],
  [0.61, 2],
  [1, 2],
  [7, 2],
])('at a share of %s the passage %s is said', (share, index) => {
  expect(passageAt(TOLD, share)).toBe(index)
})

it('begins each passage where it is said', () => {
  TOLD.forEach((_, index) => {
    expect(passageAt(TOLD, beginOf(TOLD, index) + 0.001)).toBe(index)
  })
})

it('tells nothing where nothing is told', () => {
  expect(passageAt([], 0.5)).toBe(0)
})
