import { expect, it } from 'vitest'
import { decodeBase45, encodeBase45 } from './base45'

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)

it.each([
  ['AB', 'BB8'],
  ['Hello!!', '%69 VD92EX0'],
  ['base-45', 'UJCLQE7W581'],
  ['ietf!', 'QED8WEX0'],
])('writes and reads the example %s of RFC 9285', (plain, encoded) => {
  expect(encodeBase45(bytes(plain))).toBe(encoded)
  expect(decodeBase45(encoded)).toEqual(bytes(plain))
})

it.each([
  ['GGW', 'a value above two bytes'],
  [':::', 'a value above two bytes'],
  ['::', 'a value above one byte'],
  ['BB8B', 'a letter left over'],
  ['bb8', 'a small letter'],
  ['BB8\n', 'a line end'],
  ['ĐB8', 'a letter outside the alphabet'],
])('refuses %s: %s', (text) => {
  expect(decodeBase45(text)).toBeNull()
})

it('reads back every length', () => {
  for (let length = 0; length < 200; length++) {
    const some = Uint8Array.from({ length }, (_, at) => (at * 151 + length) % 256)
    expect(decodeBase45(encodeBase45(some))).toEqual(some)
  }
})
