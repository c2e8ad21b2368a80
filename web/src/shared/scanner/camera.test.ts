import { expect, it } from 'vitest'
import { troubleOf } from './camera'
import { middleSquare } from './watching'

it.each([
  ['NotFoundError', 'no_camera'],
  ['NotAllowedError', 'denied'],
  ['NotReadableError', 'in_use'],
  ['SecurityError', 'not_allowed_here'],
  ['SomethingNewError', 'failed'],
])('reads %s of the browser as %s', (name, trouble) => {
  expect(troubleOf(new DOMException('', name))).toBe(trouble)
})

it('looks at the middle square of the picture', () => {
  expect(middleSquare(1280, 720)).toEqual({ x: 280, y: 0, side: 720 })
  expect(middleSquare(480, 640)).toEqual({ x: 0, y: 80, side: 480 })
})
