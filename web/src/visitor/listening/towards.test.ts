import { expect, it } from 'vitest'
import { towards } from './towards'

it.each([
  [0, 30, 30, 'n'],
  [30, 0, 30, 'e'],
  [0, -31, 30, 's'],
  [-22, 22, 30, 'nw'],
  [1, 1, 5, 'ne'],
  [-3, 234, 230, 'n'],
])('to %s, %s it is %s m to the %s', (x, y, metres, wind) => {
  expect(towards({ x: 0, y: 0 }, { x, y })).toMatchObject({ metres, wind })
})
