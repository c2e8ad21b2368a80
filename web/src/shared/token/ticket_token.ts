import { decodeBase45 } from './base45'
import { decodeBase64url } from './base64url'
import { verifySignature, type Bytes, type VerifySignature } from './ed25519'

/** Version 1 of the ticket token: 34 bytes of facts and an Ed25519 signature over them. */
const BODY_BYTES = 34
const TOKEN_BYTES = 98
const PREFIX = 'HUE1:'
const DOMAIN = new TextEncoder().encode('HUE-TICKET\0v1\0')
const EPOCH_MS = Date.UTC(2025, 0, 1)
const MINUTE_MS = 60_000
const LONGEST_VALIDITY_MINUTES = 400 * 24 * 60
const LAST_ENTRY_POLICY = 3
const VERSION = 1
/** What the scope field means: the numbers of places, or the id of a list of them. */
const SITES = 0
const SCOPE_LIST = 1

export interface TicketFields {
  version: number
  type: number
  keyId: number
  ticketId: string
  productId: number
  /** Numbers of the places that it opens, or the id of a list of them. */
  scope: { sites: number[] } | { listId: number }
  validFrom: Date
  /** The first minute in which it is no longer valid. */
  validUntil: Date
  category: number
  partySize: number
  entryPolicy: number
  issuedAt: Date
  binding: number
}

export interface TrustedKey {
  publicKey: Bytes
  /** When the key signed tickets; a key without a window may have signed at any time. */
  issuesFrom?: Date
  issuesUntil?: Date
  /** Set when the key leaked: what it signed later is refused. */
  cutOffAt?: Date
}

export type TrustList = ReadonlyMap<number, TrustedKey>

export type Refusal =
  'malformed' | 'unknown_key' | 'forged' | 'outside_key_window' | 'invalid_fields'

/** Fields are given only when the signature holds. */
export type Verdict =
  { valid: true; fields: TicketFields } | { valid: false; reason: Refusal; fields?: TicketFields }

/** The 98 bytes in the text of a QR code, or null. */
export function tokenBytes(text: string): Bytes | null {
  if (!text.startsWith(PREFIX)) return null
  return exactly98(decodeBase45(text.slice(PREFIX.length)))
}

/** The 98 bytes in the fragment of a link, or null. */
export function linkTokenBytes(text: string): Bytes | null {
  return exactly98(decodeBase64url(text))
}

/** What the token claims. Nothing of it may be trusted before `judgeToken` has said "valid". */
export function readClaims(token: Bytes): TicketFields {
  const view = new DataView(token.buffer, token.byteOffset, token.byteLength)
  const type = token[0]! & 0x0f
  const scope = view.getUint32(14)
  return {
    version: token[0]! >> 4,
    type,
    keyId: view.getUint16(1),
    ticketId: hex(token.subarray(3, 11)),
    productId: uint24(view, 11),
    scope: type === SITES ? { sites: bitsOf(scope) } : { listId: scope },
    validFrom: moment(uint24(view, 18)),
    validUntil: moment(uint24(view, 21)),
    category: token[24]!,
    partySize: token[25]!,
    entryPolicy: token[26]!,
    issuedAt: moment(uint24(view, 27)),
    binding: view.getUint32(30),
  }
}

/** Whether we issued this token, and if not, why not: the first reason in the fixed order. */
export async function judgeToken(
  token: Bytes | null,
  trust: TrustList,
  verify: VerifySignature = verifySignature,
): Promise<Verdict> {
  if (!token) return { valid: false, reason: 'malformed' }
  const fields = readClaims(token)
  const key = trust.get(fields.keyId)
  if (!key) return { valid: false, reason: 'unknown_key' }
  if (!(await verify(token.slice(BODY_BYTES), signedBytes(token), key.publicKey)))
    return { valid: false, reason: 'forged' }
  if (!areFieldsSound(fields)) return { valid: false, reason: 'invalid_fields', fields }
  if (!isInsideWindow(fields.issuedAt, key))
    return { valid: false, reason: 'outside_key_window', fields }
  return { valid: true, fields }
}

/** The domain first, so that no other thing that our keys sign can pass for a ticket. */
function signedBytes(token: Bytes): Bytes {
  const message = new Uint8Array(DOMAIN.length + BODY_BYTES)
  message.set(DOMAIN)
  message.set(token.subarray(0, BODY_BYTES), DOMAIN.length)
  return message
}

function isInsideWindow(issuedAt: Date, key: TrustedKey): boolean {
  const ends = [key.issuesUntil, key.cutOffAt]
  return (
    !(key.issuesFrom && issuedAt < key.issuesFrom) && !ends.some((end) => end && issuedAt >= end)
  )
}

/** Whether a scanner of this version may act on every field. */
function areFieldsSound(fields: TicketFields): boolean {
  const minutes = (fields.validUntil.getTime() - fields.validFrom.getTime()) / MINUTE_MS
  return (
    fields.version === VERSION &&
    (fields.type === SITES || fields.type === SCOPE_LIST) &&
    minutes > 0 &&
    minutes <= LONGEST_VALIDITY_MINUTES &&
    fields.partySize > 0 &&
    fields.entryPolicy <= LAST_ENTRY_POLICY
  )
}

function exactly98(bytes: Uint8Array | null): Bytes | null {
  return bytes?.length === TOKEN_BYTES ? new Uint8Array(bytes) : null
}

function uint24(view: DataView, at: number): number {
  return view.getUint8(at) * 65_536 + view.getUint16(at + 1)
}

function moment(minutes: number): Date {
  return new Date(EPOCH_MS + minutes * MINUTE_MS)
}

function bitsOf(scope: number): number[] {
  return Array.from({ length: 32 }, (_, bit) => bit).filter((bit) => (scope >>> bit) & 1)
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
