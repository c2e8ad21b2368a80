import { expect, it } from 'vitest'
import { Repeats } from './repeats'

it('takes a code held before the camera once, however long it is held', () => {
  const repeats = new Repeats()
  const seen = Array.from({ length: 100 }, (_, frame) => repeats.isFresh('A', frame * 100))
  expect(seen.filter(Boolean)).toHaveLength(1)
})

it('takes the code again when it had been away for three seconds', () => {
  const repeats = new Repeats()
  expect(repeats.isFresh('A', 0)).toBe(true)
  expect(repeats.isFresh('A', 2_999)).toBe(false)
  expect(repeats.isFresh('A', 5_999)).toBe(true)
})

it('takes another code at once', () => {
  const repeats = new Repeats()
  repeats.isFresh('A', 0)
  expect(repeats.isFresh('B', 75)).toBe(true)
})

it('takes each of two codes once while both are in the picture', () => {
  const repeats = new Repeats()
  const seen = Array.from({ length: 100 }, (_, frame) =>
    repeats.isFresh('AB'[frame % 2]!, frame * 75),
  )
  expect(seen.filter(Boolean)).toHaveLength(2)
})

it('takes the same code again when somebody asks for it', () => {
  const repeats = new Repeats()
  repeats.isFresh('A', 0)
  repeats.forget()
  expect(repeats.isFresh('A', 75)).toBe(true)
})
