import { expect, it } from 'vitest'
import { isScreen, routeOf } from './routes'

it.each([
  ['/', { name: 'home' }],
  ['/sites/dai-noi', { name: 'site', slug: 'dai-noi' }],
  ['/buy/dai-noi', { name: 'buy', slug: 'dai-noi' }],
  ['/orders/7K2M9QXA', { name: 'order', code: '7K2M9QXA' }],
  ['/tickets', { name: 'tickets' }],
  ['/tickets/', { name: 'tickets' }],
  ['/tickets/lost', { name: 'lost' }],
  ['/tickets/transfers/00ff', { name: 'gift', code: '00ff' }],
  ['/tickets/elsewhere', { name: 'nowhere' }],
  ['/orders/7K2M9QXA/cancel', { name: 'change', code: '7K2M9QXA', act: 'cancel', ticket: '' }],
  ['/orders/7K2M9QXA/give/0f', { name: 'change', code: '7K2M9QXA', act: 'give', ticket: '0f' }],
  ['/orders/7K2M9QXA/paint', { name: 'nowhere' }],
  ['/orders/7K2M9QXA/give/0f/more', { name: 'nowhere' }],
  ['/guides/12', { name: 'guide', id: 12, label: '' }],
  ['/guides/12/7k2m9qxa', { name: 'guide', id: 12, label: '7k2m9qxa' }],
  ['/guides/x', { name: 'nowhere' }],
  ['/guides/12/a/b', { name: 'nowhere' }],
  ['/sites', { name: 'nowhere' }],
  ['/sites/dai-noi/more', { name: 'nowhere' }],
  ['/elsewhere/x', { name: 'nowhere' }],
  ['/tours/3', { name: 'tour' }],
  ['/tours/assets', { name: 'nowhere' }],
])('reads %s', (path, route) => {
  expect(routeOf(path)).toEqual(route)
})

it('leaves tours and unknown pages to the server', () => {
  expect(['/', '/guides/12', '/tours/3', '/admin/'].map(isScreen)).toEqual([
    true,
    true,
    false,
    false,
  ])
})
