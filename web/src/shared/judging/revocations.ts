import type { Bytes } from '../token/ed25519'
import { verifySignature } from '../token/ed25519'
import { fromHex, sha256, utf8 } from './bytes'
import { BrokenSetError, decodeNumbers } from './rice_sets'

/**
 * The coded set of revoked tickets. A ticket that is in it is always found; of those that are not,
 * one in 2^20 seems to be: that is why a hit alone says "maybe".
 */

const DOMAIN = utf8('HUE-REV\0v1\0')
const LOW_BITS = 20
const HEADER_BYTES = 44
const SIGNATURE_BYTES = 64
const SALT_FROM = 28

export interface RevocationSet {
  salt: Bytes
  count: number
  places: ReadonlySet<number>
}

export interface RevocationList extends RevocationSet {
  number: number
  createdAt: number
  horizon: number
}

/** Where the ticket stands among `count` · 2^20 places. */
export async function placeInSet(
  ticketId: string,
  { salt, count }: Pick<RevocationSet, 'salt' | 'count'>,
): Promise<number> {
  const id = fromHex(ticketId)
  const text = new Uint8Array(DOMAIN.length + salt.length + id.length)
  text.set(DOMAIN)
  text.set(salt, DOMAIN.length)
  text.set(id, DOMAIN.length + salt.length)
  const hash = await sha256(text)
  const height = new DataView(hash.buffer).getBigUint64(0)
  return Number((height * (BigInt(count) << BigInt(LOW_BITS))) >> 64n)
}

export function readSet(salt: Bytes, count: number, data: Uint8Array): RevocationSet {
  const places = new Set<number>()
  for (const place of decodeNumbers(data, count, LOW_BITS)) places.add(Number(place))
  return { salt, count, places }
}

export async function seemsRevoked(ticketId: string, set: RevocationSet): Promise<boolean> {
  return set.count > 0 && set.places.has(await placeInSet(ticketId, set))
}

/** Takes a container apart; null when none of the keys signed it or its bytes end too early. */
export async function readList(
  container: Bytes,
  keys: readonly Bytes[],
): Promise<RevocationList | null> {
  if (container.length < HEADER_BYTES + SIGNATURE_BYTES) return null
  const signed = container.slice(0, -SIGNATURE_BYTES)
  const signature = container.slice(-SIGNATURE_BYTES)
  const proofs = await Promise.all(keys.map((key) => verifySignature(signature, signed, key)))
  if (!proofs.includes(true)) return null
  const view = new DataView(signed.buffer)
  try {
    return {
      number: Number(view.getBigUint64(0)),
      createdAt: Number(view.getBigUint64(8)),
      horizon: Number(view.getBigUint64(16)),
      ...readSet(
        signed.slice(SALT_FROM, HEADER_BYTES),
        view.getUint32(24),
        signed.slice(HEADER_BYTES),
      ),
    }
  } catch (error) {
    if (error instanceof BrokenSetError) return null
    throw error
  }
}
