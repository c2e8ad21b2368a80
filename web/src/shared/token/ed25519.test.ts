import { expect, it } from 'vitest'
import { isCanonical, verifyByBrowser, verifyByLibrary, type Bytes } from './ed25519'
import vectors from '../../../../tests/ticketing/vectors/ticket_token.json'

const L = 2n ** 252n + 27742317777372353535851937790883648493n
const P = 2n ** 255n - 19n
const hex = (text: string): Bytes =>
  Uint8Array.from(text.match(/../g)!, (byte) => parseInt(byte, 16))
const signature = hex(vectors.valid[0]!.signature)

function withS(s: bigint): Bytes {
  const changed = signature.slice()
  for (let at = 32; at < 64; at++, s >>= 8n) changed[at] = Number(s & 255n)
  return changed
}

it('takes S below the order of the group and nothing at or above it', () => {
  expect(isCanonical(withS(L - 1n))).toBe(true)
  expect(isCanonical(withS(L))).toBe(false)
  expect(isCanonical(withS(2n ** 256n - 1n))).toBe(false)
})

it('takes a point only in its shortest writing', () => {
  const changed = signature.slice()
  for (let at = 0, y = P; at < 32; at++, y >>= 8n) changed[at] = Number(y & 255n)
  expect(isCanonical(changed)).toBe(false)
})

it('refuses signatures of another length', () => {
  expect(isCanonical(signature.slice(1))).toBe(false)
})

it('refuses a key of small order, for which one signature fits every message', async () => {
  const identity = new Uint8Array(32)
  identity[0] = 1
  const everything = new Uint8Array(64)
  everything[0] = 1
  const message = new Uint8Array(3)
  expect(await verifyByLibrary(everything, message, identity)).toBe(false)
  expect(await verifyByBrowser(everything, message, identity)).toBe(false)
})
