import { expect, it } from 'vitest'
import { RequestKeys } from './request_keys'

function counted(): RequestKeys {
  let made = 0
  return new RequestKeys(() => `key-${(made += 1)}`)
}

it('sends the same key for the same wish, until it was answered', () => {
  const keys = counted()
  expect(keys.for({ people: 2 })).toBe('key-1')
  expect(keys.for({ people: 2 })).toBe('key-1')
  keys.done()
  expect(keys.for({ people: 2 })).toBe('key-2')
})

it('makes another key for another wish', () => {
  const keys = counted()
  keys.for({ people: 2 })
  expect(keys.for({ people: 3 })).toBe('key-2')
})
