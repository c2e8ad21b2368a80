import type { Answers, Ask, Case, Claims, Code, Decision, Gate, Known, Outcome } from './facts'
import { comesEarly, goesBack, ruleEndsAt } from './pass_rules'

/**
 * What a gate answers to a code: the decision table of `ticketing/domain/judging.py` once more,
 * for a gate that is alone. `cases.json` holds both to it. The first reason to refuse ends the
 * questions; a doubt never hides a refusal.
 */

const MINUTE = 60
const HOUR = 60 * MINUTE
const REENTRY_AFTER = 5 * MINUTE
const UNLIMITED = 3
export const LIST_OLD_AFTER = 24 * HOUR
export const LIST_TOO_OLD_AFTER = 72 * HOUR
export const CLOCK_UNSURE_AFTER = 24 * HOUR

/** All that a proven code is judged by, with what follows from it. */
interface Asked {
  claims: Claims
  gate: Gate
  known: Known
  answers: Answers
  unlimited: boolean
  party: number
  left: number
  wanted: number
  places: ReadonlySet<number>
}

type Check = (asked: Asked) => Decision | null
type Doubt = readonly [outcome: Outcome, why: string, ask: Ask]

/** Admit, refuse, or say what is still asked for. */
export function judge({ code, gate, known, answers }: Case): Decision {
  if (gate.blocked) return refuse('device_blocked')
  if (code.fault !== null || code.claims === null) return judgeUnproven(code, gate, known)
  if (!gate.alone && !known.sold) return refuse('unknown')
  return judgeProven(whatFollows(code.claims, gate, known, answers))
}

function judgeUnproven(code: Code, gate: Gate, known: Known): Decision {
  if (code.fault === 'foreign') return refuse('unknown')
  if (code.needs_newer_scanner)
    return doubt('needs_sync', 'newer_code', gate.alone ? 'online' : null)
  if (code.fault === 'unknown_key' && gate.alone)
    return doubt('needs_sync', 'unknown_key', 'online')
  if (code.fault === 'outside_key_window' || code.fault === 'invalid_fields') {
    // Our signature, but not what we issued: the server knows whether it was issued anew.
    return refuse(known.sold && !gate.alone ? 'revoked' : 'unknown', code.fault)
  }
  return refuse('forged', code.fault)
}

function whatFollows(claims: Claims, gate: Gate, known: Known, answers: Answers): Asked {
  const unlimited = claims.entry_policy === UNLIMITED
  const party = Math.max(claims.party_size - known.cancelled_people, 0)
  const left = unlimited ? party : Math.max(party - known.inside, 0)
  const places = new Set(known.opened.map(([place]) => place))
  const wanted = answers.people ?? left
  return { claims, gate, known, answers, unlimited, party, left, wanted, places }
}

function judgeProven(asked: Asked): Decision {
  for (const check of CHECKS) {
    const refused = check(asked)
    if (refused) return refused
  }
  for (const [outcome, why, ask] of doubts(asked))
    if (!isPutAside(ask, asked.answers.confirmed_by)) return doubt(outcome, why, ask, asked.left)
  if (asked.known.needs_document && asked.answers.document_seen === null)
    return doubt('check_document', 'document', 'document', asked.left)
  return {
    outcome: 'admitted',
    colour: 'green',
    people: asked.wanted,
    left: asked.unlimited ? asked.party : asked.left - asked.wanted,
    why: null,
    ask: null,
  }
}

// --- Reasons to refuse, in their order ------------------------------------------------------

const CHECKS: readonly Check[] = [
  checkTime,
  checkPlace,
  checkRevoked,
  checkLeakedKey,
  checkSlot,
  checkRule,
  checkUsed,
  checkDocument,
]

function checkTime({ gate, claims, left }: Asked): Decision | null {
  if (gate.at < claims.valid_from) return refuse('not_yet_valid', null, left)
  return gate.at >= claims.valid_until ? refuse('expired', null, left) : null
}

function checkPlace({ gate, claims, left }: Asked): Decision | null {
  if (claims.sites === null)
    return doubt('needs_sync', 'scope_list', gate.alone ? 'online' : null, left)
  return claims.sites.includes(gate.site) ? null : refuse('wrong_site', null, left)
}

function checkRevoked({ known, left }: Asked): Decision | null {
  if (known.revoked === 'no' || known.revoked === 'maybe') return null
  return refuse(known.revoked, null, left)
}

function checkLeakedKey({ gate, known, left }: Asked): Decision | null {
  const believed = !gate.alone || !known.known_ids_only || known.sold
  return believed ? null : refuse('unknown', 'known_ids_only', left)
}

function checkSlot({ gate, known: { window }, left }: Asked): Decision | null {
  if (window === null || window.site !== gate.site) return null
  const inTime = window.entry_from <= gate.at && gate.at < window.entry_until
  return inTime ? null : refuse('wrong_slot', null, left)
}

function checkRule({ gate, known, places, left }: Asked): Decision | null {
  const { rule, opened } = known
  if (rule === null) return null
  if (gate.at >= ruleEndsAt(rule, opened)) return refuse('expired', 'time_over', left)
  if (places.has(gate.site)) return null
  if (rule.sites_limit !== null && places.size >= rule.sites_limit)
    return refuse('party_exhausted', 'places_used', left)
  // Alone, a gate does not know all that was opened elsewhere: that is a doubt, further down.
  const early = !gate.alone && comesEarly(rule, places, gate.site)
  return early || goesBack(rule, places, gate.site)
    ? refuse('wrong_site', 'out_of_order', left)
    : null
}

function checkUsed({ gate, known, party, left, wanted, unlimited }: Asked): Decision | null {
  if (left === 0) return refuse(party === 1 ? 'already_admitted' : 'party_exhausted', null, 0)
  if (wanted > left) return refuse('party_exhausted', 'too_many', left)
  if (unlimited && known.last_at !== null && gate.at < known.last_at + REENTRY_AFTER)
    return doubt('too_soon', 'too_soon', null, left)
  return null
}

function checkDocument({ known, answers, left }: Asked): Decision | null {
  const refused = known.needs_document && answers.document_seen === false
  return refused ? refuse('check_document', 'document_refused', left) : null
}

// --- Doubts of a gate that is alone, in their order ------------------------------------------

function* doubts(asked: Asked): Generator<Doubt> {
  const { gate, known, places, unlimited, wanted, left } = asked
  if (!gate.alone) return
  yield* doubtsAboutGate(gate)
  if (!known.product_known) yield ['needs_sync', 'product_unknown', 'supervisor']
  if (known.revoked === 'maybe') yield ['revoked', 'maybe_revoked', 'supervisor']
  if (isMissing(asked)) yield ['unknown', 'not_listed', 'supervisor']
  if (known.rule && comesEarly(known.rule, places, gate.site))
    yield ['wrong_site', 'order_unknown', 'supervisor']
  // The rest of the party could enter at another gate that knows nothing of this one.
  if (!unlimited && wanted < left) yield ['needs_sync', 'split_alone', 'supervisor']
}

function* doubtsAboutGate(gate: Gate): Generator<Doubt> {
  if (gate.credential_until === null || gate.at >= gate.credential_until)
    yield ['needs_sync', 'credential_over', 'supervisor']
  if (isOlder(gate.clock_checked_at, CLOCK_UNSURE_AFTER, gate.at))
    yield ['needs_sync', 'clock_unsure', 'supervisor']
  if (isOlder(gate.lists_checked_at, LIST_TOO_OLD_AFTER, gate.at))
    yield ['needs_sync', 'lists_too_old', 'supervisor']
  else if (isOlder(gate.lists_checked_at, LIST_OLD_AFTER, gate.at))
    yield ['needs_sync', 'lists_old', 'guard']
}

function isOlder(since: number | null, limit: number, at: number): boolean {
  return since === null || Math.abs(at - since) > limit
}

/** True when the list should hold this ticket and does not. */
function isMissing({ claims, gate, known }: Asked): boolean {
  // The token tells the minute of its issue alone, so the whole minute of the list is forgiven.
  const newer = claims.issued_at >= Math.floor(gate.sold_at / MINUTE) * MINUTE
  return !known.sold && !newer && gate.at < gate.sold_until
}

function isPutAside(ask: Ask, by: Ask | null): boolean {
  return by === 'supervisor' || (by === 'guard' && ask === 'guard')
}

// --- Answers ---------------------------------------------------------------------------------

function refuse(outcome: Outcome, why: string | null = null, left: number | null = null): Decision {
  return { outcome, colour: 'red', people: 0, left, why, ask: null }
}

function doubt(
  outcome: Outcome,
  why: string,
  ask: Ask | null,
  left: number | null = null,
): Decision {
  return { outcome, colour: 'amber', people: 0, left, why, ask }
}
