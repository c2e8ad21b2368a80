import { expect, it } from 'vitest'
import { openFirst } from './ordering'

it('shows near places that are open before near ones that are shut', () => {
  const byDistance = [
    { slug: 'shut, near', open_now: false },
    { slug: 'unknown', open_now: null },
    { slug: 'open', open_now: true },
    { slug: 'shut, far', open_now: false },
  ]
  expect(openFirst(byDistance).map((place) => place.slug)).toEqual([
    'unknown',
    'open',
    'shut, near',
    'shut, far',
  ])
})
