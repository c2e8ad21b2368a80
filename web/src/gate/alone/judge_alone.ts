import type { Answers, Case, Claims, Code, Decision, Known } from '$shared/judging/facts'
import { judge } from '$shared/judging/judge'
import { judgeToken, tokenBytes, type TicketFields } from '$shared/token/ticket_token'
import type { GatePack } from '../pack/gate_pack'
import { bucketOf, isCounted, isOwn, keyOf, type Bucket, type Entry } from './entries'

/** What the phone holds when nobody else can be asked. */
export interface Holding {
  pack: GatePack
  entries: Iterable<Entry>
  at: number
  blocked: boolean
  credentialUntil: number | null
  clockCheckedAt: number | null
  listsCheckedAt: number | null
}

/** What was let in before, under the entry policy. */
interface Inside {
  people: number
  firstAt: number | null
  lastAt: number | null
  /** Id of the gate of the first entry; null: this one. */
  firstGate: number | null
}

export interface AloneVerdict {
  decision: Decision
  /** Null for a code that is not proven to be ours. */
  fields: TicketFields | null
  inside: Inside
  bucket: Bucket
  /** People whose places were given back. */
  cancelled: number
}

const NEWEST_VERSION = 1
const NEWEST_TYPE = 1
/** A token with a rotating code behind it, and one with the proof of a device key. */
const LONGER_TEXTS = new Set([167, 302])
const NOBODY: Inside = { people: 0, firstAt: null, lastAt: null, firstGate: null }

/** The same table as the server's, over what this phone knows. */
export async function judgeAlone(
  text: string,
  answers: Answers,
  holding: Holding,
): Promise<AloneVerdict> {
  const token = tokenBytes(text)
  const { pack } = holding
  const ticketKeys = holding.at < pack.trust.expiresAt ? pack.trust.ticketKeys : new Map()
  const proof = await judgeToken(token, ticketKeys)
  const fields = proof.fields ?? null
  const code: Code = {
    fault: proof.valid ? null : proof.reason,
    needs_newer_scanner: isNewer(text, token, fields),
    claims: fields && claimsOf(fields),
  }
  const bucket = bucketOf(fields?.entryPolicy ?? 0, pack.site.bit, holding.at)
  const inside = fields ? insideBy(fields.ticketId, bucket, holding) : NOBODY
  const known = fields ? await knownOf(fields, inside, holding) : UNKNOWN
  const given: Case = { code, gate: gateOf(holding), known, answers }
  const cancelled = known.cancelled_people
  return { decision: judge(given), fields: proof.valid ? fields : null, inside, bucket, cancelled }
}

/** A longer text, or a proven one of a version that this app was not written for. */
function isNewer(text: string, token: Uint8Array | null, fields: TicketFields | null): boolean {
  if (!token) return LONGER_TEXTS.has(text.length)
  return fields !== null && (fields.version > NEWEST_VERSION || fields.type > NEWEST_TYPE)
}

function claimsOf(fields: TicketFields): Claims {
  return {
    sites: 'sites' in fields.scope ? fields.scope.sites : null,
    valid_from: seconds(fields.validFrom),
    valid_until: seconds(fields.validUntil),
    issued_at: seconds(fields.issuedAt),
    party_size: fields.partySize,
    entry_policy: fields.entryPolicy,
  }
}

function gateOf(holding: Holding): Case['gate'] {
  return {
    site: holding.pack.site.bit,
    at: holding.at,
    alone: true,
    blocked: holding.blocked,
    credential_until: holding.credentialUntil,
    clock_checked_at: holding.clockCheckedAt,
    lists_checked_at: holding.listsCheckedAt,
    sold_at: holding.pack.soldAt,
    sold_until: holding.pack.soldUntil,
  }
}

const UNKNOWN: Known = {
  sold: false,
  known_ids_only: false,
  revoked: 'no',
  cancelled_people: 0,
  product_known: false,
  needs_document: false,
  window: null,
  rule: null,
  inside: 0,
  last_at: null,
  opened: [],
}

async function knownOf(fields: TicketFields, inside: Inside, holding: Holding): Promise<Known> {
  const { pack } = holding
  const { revoked, cancelled } = await pack.revocation(fields.ticketId)
  const product = pack.products.get(fields.productId)
  const window = pack.windowOf(fields.ticketId)
  return {
    sold: pack.isSold(fields.ticketId),
    known_ids_only: pack.trust.ticketKeys.get(fields.keyId)?.knownIdsOnly ?? false,
    revoked,
    cancelled_people: cancelled,
    product_known: product !== undefined,
    needs_document: pack.categories.get(fields.category)?.needs_document ?? false,
    window: window
      ? { site: pack.site.bit, entry_from: window.entryFrom, entry_until: window.entryUntil }
      : null,
    rule: product?.rule ?? null,
    inside: inside.people,
    last_at: inside.lastAt,
    opened: product?.rule ? openedBy(fields.ticketId, holding) : [],
  }
}

/** People whom the lists count, and those of this phone whom they do not count yet. */
export function insideBy(ticketId: string, bucket: Bucket, { pack, entries }: Holding): Inside {
  const key = keyOf(ticketId, bucket)
  const record = pack.used(key)
  const own = [...entries].filter(
    (entry) =>
      entry.ticketId === ticketId &&
      keyOf(entry.ticketId, entry) === key &&
      !isCounted(entry, record),
  )
  const counted = record && record.people > 0 ? record : null
  const people = own.reduce((sum, entry) => sum + entry.people, counted?.people ?? 0)
  if (people <= 0) return NOBODY
  const entered = own.filter((entry) => entry.people > 0)
  const times = entered.map((entry) => entry.at)
  const heard = entered.find((entry) => !isOwn(entry))
  return {
    people,
    firstAt: Math.min(...times, counted?.first ?? Infinity),
    lastAt: Math.max(...times, counted?.last ?? 0),
    firstGate: counted?.gate ?? heard?.elsewhere ?? null,
  }
}

/** Each place where anybody was let in, and when first. */
function openedBy(ticketId: string, { pack, entries }: Holding): [number, number][] {
  const first = new Map<number, number>()
  const note = (site: number, at: number): void => {
    first.set(site, Math.min(first.get(site) ?? Infinity, at))
  }
  for (const record of pack.usedBy(ticketId)) if (record.people > 0) note(record.site, record.first)
  for (const entry of entries)
    if (entry.ticketId === ticketId && entry.people > 0 && !entry.undone) note(entry.site, entry.at)
  return [...first]
}

function seconds(moment: Date): number {
  return Math.floor(moment.getTime() / 1000)
}
