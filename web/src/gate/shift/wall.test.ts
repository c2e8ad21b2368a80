import { expect, it } from 'vitest'
import { readWall } from './wall'

it('reads the gate from the code on its wall', () => {
  expect(readWall('HUEGATE:dai-noi/ngo-mon')).toEqual({ site: 'dai-noi', gate: 'ngo-mon' })
})

it.each([
  'HUEGATE1:K7MQ-2XR9',
  'HUEGATE:dai-noi',
  'HUEGATE:a/b/c',
  'https://example.org/HUEGATE:a/b',
])('takes %s for something else', (text) => {
  expect(readWall(text)).toBeNull()
})
