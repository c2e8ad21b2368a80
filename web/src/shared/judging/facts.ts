/**
 * What a gate knows when a code is held before it, and what it answers. The names are those of
 * `cases.json`, which holds this program and the server to one table. Times are seconds.
 */

export type Outcome =
  | 'admitted'
  | 'already_admitted'
  | 'party_exhausted'
  | 'wrong_site'
  | 'not_yet_valid'
  | 'expired'
  | 'wrong_slot'
  | 'unpaid'
  | 'cancelled'
  | 'revoked'
  | 'unknown'
  | 'forged'
  | 'check_document'
  | 'too_soon'
  | 'needs_sync'
  | 'device_blocked'

export type Colour = 'green' | 'amber' | 'red'

/** Who or what can turn amber into green; `online`: only the server can tell. */
export type Ask = 'document' | 'guard' | 'supervisor' | 'online'

/** What the gate knows of the end of a ticket. `maybe`: the coded list alone says so. */
export type Revoked = 'no' | 'maybe' | 'revoked' | 'cancelled' | 'unpaid'

/** What a proven code says of itself. `sites` is null when the scope is the id of a list. */
export interface Claims {
  sites: readonly number[] | null
  valid_from: number
  valid_until: number
  issued_at: number
  party_size: number
  entry_policy: number
}

/** A presented code after its signature was checked. */
export interface Code {
  fault: string | null
  needs_newer_scanner: boolean
  claims: Claims | null
}

/** The gate at this moment. What only matters alone is ignored online. */
export interface Gate {
  site: number
  at: number
  alone: boolean
  blocked: boolean
  credential_until: number | null
  clock_checked_at: number | null
  lists_checked_at: number | null
  sold_at: number
  sold_until: number
}

/** When the people of a slotted ticket enter, and at which site. */
export interface Window {
  site: number
  entry_from: number
  entry_until: number
}

/** The rules of a pass beyond its entry policy. */
export interface Rule {
  sites_limit: number | null
  sequence: readonly number[]
  use_within_minutes: number | null
  days_from_first_use: number | null
}

export interface Known {
  sold: boolean
  known_ids_only: boolean
  revoked: Revoked
  cancelled_people: number
  product_known: boolean
  needs_document: boolean
  window: Window | null
  rule: Rule | null
  inside: number
  last_at: number | null
  /** Places that were opened before, and when each of them was first. */
  opened: readonly (readonly [place: number, firstAt: number])[]
}

/** What people said: how many enter, whether the document was right, who put doubts aside. */
export interface Answers {
  people: number | null
  document_seen: boolean | null
  confirmed_by: Ask | null
}

export interface Case {
  code: Code
  gate: Gate
  known: Known
  answers: Answers
}

export interface Decision {
  outcome: Outcome
  colour: Colour
  people: number
  /** Of the party, after this decision; null for a code that is not proven. */
  left: number | null
  why: string | null
  ask: Ask | null
}
