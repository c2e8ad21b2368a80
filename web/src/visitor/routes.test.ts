import { expect, it } from 'vitest'
import { routeOf } from './routes'

it.each([
  ['/', { name: 'home' }],
  ['/sites/dai-noi', { name: 'site', slug: 'dai-noi' }],
  ['/buy/dai-noi', { name: 'buy', slug: 'dai-noi' }],
  ['/orders/7K2M9QXA', { name: 'order', code: '7K2M9QXA' }],
  ['/tickets', { name: 'tickets' }],
  ['/tickets/', { name: 'tickets' }],
  ['/sites', { name: 'nowhere' }],
  ['/sites/dai-noi/more', { name: 'nowhere' }],
  ['/elsewhere/x', { name: 'nowhere' }],
])('reads %s', (path, route) => {
  expect(routeOf(path)).toEqual(route)
})
