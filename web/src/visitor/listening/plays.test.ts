import 'fake-indexeddb/auto'
import { expect, it } from 'vitest'
import { Plays, openPlays, type Play } from './plays'

let number = 0
const fresh = () => new Plays(() => openPlays(`plays-${++number}`))

function play(share: number, id = 'a'): Play {
  const started_at = '2026-11-22T08:00:00Z'
  return { play_id: id, stop_id: 7, language: 'vi', started_at, share_heard: share }
}

it('keeps plays while the server cannot be told, and tells the most that was heard', async () => {
  const plays = fresh()
  await plays.note(play(0.2))
  await plays.note(play(0.9))
  await plays.note(play(0.5))
  expect(await plays.tell(async () => false)).toBe(0)

  const told: Play[][] = []
  expect(
    await plays.tell(async (batch) => {
      told.push(batch)
      return true
    }),
  ).toBe(1)

  expect(told).toEqual([[play(0.9)]])
  expect(await plays.tell(async () => true)).toBe(0)
})

it('tells again what was heard further while it was being told', async () => {
  const plays = fresh()
  await plays.note(play(0.2))
  await plays.tell(async () => {
    await plays.note(play(1))
    return true
  })

  const again: Play[] = []
  await plays.tell(async (batch) => Boolean(again.push(...batch)))

  expect(again).toEqual([play(1)])
})
