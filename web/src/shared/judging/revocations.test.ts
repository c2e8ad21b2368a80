import * as ed25519 from '@noble/ed25519'
import { expect, it } from 'vitest'
import { fromHex } from './bytes'
import { placeInSet, readList, readSet, seemsRevoked } from './revocations'
import { BrokenSetError, decodeIds, decodeNumbers } from './rice_sets'

const SALT = fromHex('00112233445566778899aabbccddeeff')
const DATA = fromHex('bc43f836dda6c344220720832500')
const PLACES = {
  a1b2c3d4e5f60718: 2035966,
  '0000000000000001': 2148331,
  ffffffffffffffff: 3004583,
  '0123456789abcdef': 2591535,
  deadbeefcafef00d: 2870291,
}

it.each(Object.entries(PLACES))('finds the place of %s', async (id, place) => {
  expect(await placeInSet(id, { salt: SALT, count: 5 })).toBe(place)
})

it('reads the set of the vector and finds what it holds and nothing else', async () => {
  const set = readSet(SALT, 5, DATA)
  expect([...set.places].sort()).toEqual(Object.values(PLACES).sort())
  for (const id of Object.keys(PLACES)) expect(await seemsRevoked(id, set)).toBe(true)
  expect(await placeInSet('1122334455667788', set)).toBe(1072486)
  expect(await seemsRevoked('1122334455667788', set)).toBe(false)
})

it('holds nothing when it is empty', async () => {
  const set = readSet(SALT, 0, new Uint8Array())
  expect(await seemsRevoked('a1b2c3d4e5f60718', set)).toBe(false)
})

it('says that bits are missing instead of guessing', () => {
  expect(() => readSet(SALT, 6, DATA)).toThrow(BrokenSetError)
})

it('reads numbers of 64 bits exactly', () => {
  // 2^64 - 1 and then the same again: difference 0.
  const bytes = new Uint8Array(17)
  bytes.fill(0xff, 0, 8)
  expect([...decodeNumbers(new Uint8Array([0x7f, ...bytes]), 1, 63)]).toEqual([2n ** 63n - 1n])
})

it('writes ids with all their digits', () => {
  // Low bits 3: 2 = 0 010, 9 = 2 + 7 = 0 111.
  const ids = btoa(String.fromCharCode(0b0010_0111))
  expect([...decodeIds({ count: 2, low: 3, ids })]).toEqual([
    '0000000000000002',
    '0000000000000009',
  ])
})

it('believes a list of its own key alone, and whole', async () => {
  const seed = new Uint8Array(32).fill(3)
  const key = new Uint8Array(await ed25519.getPublicKeyAsync(seed))
  const other = new Uint8Array(await ed25519.getPublicKeyAsync(new Uint8Array(32).fill(4)))
  const header = new Uint8Array(44)
  new DataView(header.buffer).setBigUint64(0, 77n)
  new DataView(header.buffer).setUint32(24, 5)
  header.set(SALT, 28)
  const signed = new Uint8Array([...header, ...DATA])
  const list = new Uint8Array([...signed, ...(await ed25519.signAsync(signed, seed))])
  expect(await readList(list, [other, key])).toMatchObject({ number: 77, count: 5, salt: SALT })
  expect(await readList(list, [other])).toBeNull()
  expect(await readList(list.slice(0, 60), [key])).toBeNull()
  list[50]! ^= 1
  expect(await readList(list, [key])).toBeNull()
})
