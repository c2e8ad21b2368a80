import { decodeBase64url } from '../token/base64url'
import { verifySignature, type Bytes } from '../token/ed25519'
import type { TrustedKey } from '../token/ticket_token'
import { fromHex, utf8 } from './bytes'

/** Whom a gate believes: a list of keys that the root signed, each for one kind of message. */

const DOMAINS = {
  trust: 'HUE-TRUST\0v1\0',
  pack: 'HUE-PACK\0v1\0',
  device: 'HUE-DEVICE\0v1\0',
}

export interface Signed {
  text: string
  signature: string
}

export interface TicketKey extends TrustedKey {
  /** The key leaked: only ids that were sold are believed. */
  knownIdsOnly: boolean
}

export interface Trust {
  number: number
  expiresAt: number
  ticketKeys: ReadonlyMap<number, TicketKey>
  listKeys: readonly Bytes[]
  deviceKeys: readonly Bytes[]
}

interface TrustText {
  number: number
  expires_at: number
  ticket_keys: {
    kid: number
    public_key: string
    issues_from: number
    issues_until: number
    cut_off_at: number | null
    known_ids_only: boolean
  }[]
  list_keys: { public_key: string }[]
  device_keys: { public_key: string }[]
}

/** True when one of the keys signed exactly this text for exactly this purpose. */
export async function isSignedBy(
  keys: readonly Bytes[],
  purpose: keyof typeof DOMAINS,
  { text, signature }: Signed,
): Promise<boolean> {
  const bytes = decodeBase64url(signature)
  if (!bytes) return false
  const message = utf8(DOMAINS[purpose] + text)
  const proofs = keys.map((key) => verifySignature(new Uint8Array(bytes), message, key))
  return (await Promise.all(proofs)).includes(true)
}

/** The list when the root signed it, else null. */
export async function readTrust(signed: Signed, root: string): Promise<Trust | null> {
  if (!(await isSignedBy([fromHex(root)], 'trust', signed))) return null
  const said = JSON.parse(signed.text) as TrustText
  return {
    number: said.number,
    expiresAt: said.expires_at,
    ticketKeys: new Map(
      said.ticket_keys.map((key) => [
        key.kid,
        {
          publicKey: fromHex(key.public_key),
          issuesFrom: moment(key.issues_from),
          issuesUntil: moment(key.issues_until),
          ...(key.cut_off_at === null ? {} : { cutOffAt: moment(key.cut_off_at) }),
          knownIdsOnly: key.known_ids_only,
        },
      ]),
    ),
    listKeys: said.list_keys.map((key) => fromHex(key.public_key)),
    deviceKeys: said.device_keys.map((key) => fromHex(key.public_key)),
  }
}

function moment(seconds: number): Date {
  return new Date(seconds * 1000)
}
