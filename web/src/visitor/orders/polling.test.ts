import { expect, it } from 'vitest'
import { poll } from './polling'

it('asks quickly at first and never slower than every two seconds', async () => {
  const pauses: number[] = []
  let turns = 0
  await poll(
    async () => ((turns += 1) === 8 ? 'done' : 'again'),
    new AbortController().signal,
    async (ms) => void pauses.push(Math.round(ms)),
  )
  expect(pauses).toEqual([250, 375, 563, 844, 1266, 1898, 2000, 2000])
})

it('ends when the screen goes', async () => {
  const screen = new AbortController()
  let asked = 0
  await poll(
    async () => {
      asked += 1
      if (asked === 3) screen.abort()
      return 'again'
    },
    screen.signal,
    async () => {},
  )
  expect(asked).toBe(3)
})

it('does not ask once more after it was ended in a pause', async () => {
  const screen = new AbortController()
  let asked = 0
  const polling = poll(async () => {
    asked += 1
    return 'again'
  }, screen.signal)
  screen.abort()
  await polling
  expect(asked).toBe(0)
})
