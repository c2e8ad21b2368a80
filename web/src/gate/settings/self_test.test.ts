import { expect, it } from 'vitest'
import { grade, type Measured } from './self_test'

const GOOD: Measured = {
  hasCamera: true,
  isAudible: true,
  canVibrate: true,
  clockOff: 2,
  bytesLeft: 5_000_000_000,
  listsAge: 30,
  waiting: 0,
}

it('finds nothing to look at on a good phone', () => {
  expect(new Set(Object.values(grade(GOOD)))).toEqual(new Set(['ok']))
})

it.each<[string, Partial<Measured>, object]>([
  ['without a camera', { hasCamera: false }, { camera: 'bad' }],
  ['that is silent', { isAudible: false }, { sound: 'look' }],
  ['that cannot vibrate', { canVibrate: false }, { vibration: 'look' }],
  ['whose clock nobody compared', { clockOff: null }, { clock: 'bad' }],
  ['whose clock is two minutes behind', { clockOff: -120 }, { clock: 'look' }],
  ['that is nearly full', { bytesLeft: 10_000_000 }, { storage: 'bad' }],
  ['that is getting full', { bytesLeft: 100_000_000 }, { storage: 'look' }],
  ['without lists', { listsAge: null }, { lists: 'bad' }],
  ['with lists of yesterday', { listsAge: 86_401 }, { lists: 'look' }],
  ['that has something to tell', { waiting: 3 }, { queue: 'look' }],
])('names a phone %s', (_what, changed, expected) => {
  expect(grade({ ...GOOD, ...changed })).toMatchObject(expected)
})
