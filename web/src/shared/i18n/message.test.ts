import { expect, it } from 'vitest'
import { fillMessage } from './message'

it('fills places and writes numbers as the language does', () => {
  expect(fillMessage('{n} khách tại {site}', { n: 1234, site: 'Đại Nội' }, 'vi')).toBe(
    '1.234 khách tại Đại Nội',
  )
})

it('chooses the plural form by the rules of the language', () => {
  const tickets = { one: '{count} ticket', other: '{count} tickets' }
  expect(fillMessage(tickets, { count: 1 }, 'en')).toBe('1 ticket')
  expect(fillMessage(tickets, { count: 2 }, 'en')).toBe('2 tickets')
  const vé = { other: '{count} vé' }
  expect(fillMessage(vé, { count: 1 }, 'vi')).toBe('1 vé')
  const билеты = {
    one: '{count} билет',
    few: '{count} билета',
    many: '{count} билетов',
    other: '{count} билета',
  }
  expect([1, 3, 5, 21].map((count) => fillMessage(билеты, { count }, 'ru'))).toEqual([
    '1 билет',
    '3 билета',
    '5 билетов',
    '21 билет',
  ])
})

it('leaves a place without a value visible, so that a test or a reader notices', () => {
  expect(fillMessage('Xin chào {name}', {}, 'vi')).toBe('Xin chào {name}')
})
