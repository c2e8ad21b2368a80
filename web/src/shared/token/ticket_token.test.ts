import { describe, expect, it } from 'vitest'
import { decodeBase45, encodeBase45 } from './base45'
import { encodeBase64url } from './base64url'
import { verifyByBrowser, verifyByLibrary, verifySignature, type Bytes } from './ed25519'
import { judgeToken, linkTokenBytes, readClaims, tokenBytes, type TrustList } from './ticket_token'
import vectors from '../../../../tests/ticketing/vectors/ticket_token.json'

const KEY = fromHex(vectors.public_key)
const TRUST: TrustList = new Map([[vectors.key_id, { publicKey: KEY }]])
const WAYS = { browser: verifyByBrowser, library: verifyByLibrary, chosen: verifySignature }
const [first, second] = vectors.valid as [Valid, Valid]
type Valid = (typeof vectors.valid)[number]

const FIRST_FIELDS = {
  version: 1,
  type: 0,
  keyId: 7,
  ticketId: 'a1b2c3d4e5f60718',
  productId: 300,
  scope: { sites: [0, 1, 2, 3] },
  validFrom: new Date('2026-11-22T00:00Z'),
  validUntil: new Date('2026-11-27T17:00Z'),
  category: 1,
  partySize: 2,
  entryPolicy: 1,
  issuedAt: new Date('2026-11-22T02:03Z'),
  binding: 0,
}

describe.each(Object.entries(WAYS))('with the signature check of the %s', (_way, verify) => {
  it('accepts what we signed and reads every field', async () => {
    expect(await judgeToken(tokenBytes(first.text), TRUST, verify)).toEqual({
      valid: true,
      fields: FIRST_FIELDS,
    })
    expect(await judgeToken(tokenBytes(second.text), TRUST, verify)).toEqual({
      valid: true,
      fields: { ...FIRST_FIELDS, category: 2, partySize: 1 },
    })
  })

  it('accepts the form that travels in links', async () => {
    for (const { link_part } of vectors.valid)
      expect((await judgeToken(linkTokenBytes(link_part), TRUST, verify)).valid).toBe(true)
  })

  it.each(vectors.refused)('refuses $name: $why', async ({ text, expect: reason }) => {
    expect(await judgeToken(tokenBytes(text), TRUST, verify)).toMatchObject({
      valid: false,
      reason,
    })
  })

  it('refuses the token when any one of its 784 bits is flipped', async () => {
    for (let bit = 0; bit < 784; bit++) {
      const token = tokenBytes(first.text)!
      token[bit >> 3]! ^= 0x80 >> (bit & 7)
      const flipped = tokenBytes(`HUE1:${encodeBase45(token)}`)
      expect([bit, await reasonOf(flipped, verify)]).toEqual([bit, expectedReason(bit)])
    }
  })
})

/** The key id is read before the signature, because it chooses the key. */
function expectedReason(bit: number): string {
  return bit >= 8 && bit < 24 ? 'unknown_key' : 'forged'
}

it('writes the body and the signature of the vectors as their texts', () => {
  for (const { body, signature, text, link_part } of vectors.valid) {
    const token = fromHex(body + signature)
    expect(`HUE1:${encodeBase45(token)}`).toBe(text)
    expect(text).toHaveLength(152)
    expect(encodeBase64url(token)).toBe(link_part)
    expect(decodeBase45(text.slice(5))).toEqual(token)
  }
})

it.each([
  ['the issuing window ends at that minute', { issuesUntil: new Date('2026-11-22T02:03Z') }],
  ['the issuing window begins later', { issuesFrom: new Date('2026-11-22T02:04Z') }],
  ['its key had leaked by then', { cutOffAt: new Date('2026-11-22T02:03Z') }],
])('refuses a good signature when %s', async (_why, window) => {
  const trust = new Map([[7, { publicKey: KEY, ...window }]])
  expect(await judgeToken(tokenBytes(first.text), trust)).toMatchObject({
    reason: 'outside_key_window',
  })
})

it('accepts a token of the first minute of the issuing window', async () => {
  const window = { issuesFrom: FIRST_FIELDS.issuedAt, issuesUntil: FIRST_FIELDS.validUntil }
  const trust = new Map([[7, { publicKey: KEY, ...window }]])
  expect((await judgeToken(tokenBytes(first.text), trust)).valid).toBe(true)
})

it('refuses links with padding, other letters or spare bits', () => {
  const { link_part: part } = first
  for (const text of [`${part}=`, `${part}A`, part.replace('_', '/'), `${part.slice(0, -1)}Z`])
    expect(linkTokenBytes(text)).toBeNull()
})

it('reads the number of a list of places as such', () => {
  const token = tokenBytes(first.text)!
  token[0] = 0x11
  expect(readClaims(token).scope).toEqual({ listId: 15 })
})

it('reads place number 31', () => {
  const token = tokenBytes(first.text)!
  token[14] = 0x80
  expect(readClaims(token).scope).toEqual({ sites: [0, 1, 2, 3, 31] })
})

async function reasonOf(
  token: Bytes | null,
  verify: typeof verifySignature,
): Promise<string | null> {
  const verdict = await judgeToken(token, TRUST, verify)
  return verdict.valid ? null : verdict.reason
}

function fromHex(text: string): Bytes {
  return Uint8Array.from(text.match(/../g)!, (byte) => parseInt(byte, 16))
}
