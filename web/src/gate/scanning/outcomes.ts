import type { Colour } from '$shared/judging/facts'
import type { ScanResult } from '../api'
import type { Key } from '../words'

/** Jade: let them in. Amber: a person must look. Vermilion: not with this code. */
export type Tone = 'go' | 'person' | 'stop'

/** Every outcome that a server can give, and the colour of the whole screen. */
export const TONES = {
  admitted: 'go',
  already_admitted: 'stop',
  party_exhausted: 'stop',
  wrong_site: 'stop',
  not_yet_valid: 'stop',
  expired: 'stop',
  wrong_slot: 'stop',
  unpaid: 'stop',
  cancelled: 'stop',
  revoked: 'stop',
  unknown: 'stop',
  forged: 'stop',
  check_document: 'person',
  too_soon: 'person',
  needs_sync: 'person',
  device_blocked: 'stop',
} as const satisfies Record<ScanResult['outcome'], Tone>

export type Outcome = keyof typeof TONES

/** A newer server may know more outcomes than this phone: those need a person. */
export function toneOf(outcome: string, colour?: Colour): Tone {
  // A gate that is alone has doubts of its own: the same word in another colour.
  if (colour) return OF_COLOUR[colour]
  return isKnown(outcome) ? TONES[outcome] : 'person'
}

export function wordOf(outcome: string): Key {
  return isKnown(outcome) ? `outcome.${outcome}` : 'outcome.other'
}

const OF_COLOUR: Record<Colour, Tone> = { green: 'go', amber: 'person', red: 'stop' }

export function isKnown(outcome: string): outcome is Outcome {
  return Object.hasOwn(TONES, outcome)
}

/** Reasons of a gate that is alone, which the server's sentences do not tell. */
const REASONS = [
  'newer_code',
  'unknown_key',
  'scope_list',
  'credential_over',
  'clock_unsure',
  'lists_too_old',
  'lists_old',
  'product_unknown',
  'maybe_revoked',
  'not_listed',
  'order_unknown',
  'split_alone',
  'known_ids_only',
  'time_over',
  'places_used',
  'out_of_order',
  'document_refused',
] as const

export function reasonOf(why: string | null): Key | null {
  const reason = REASONS.find((one) => one === why)
  return reason ? `alone.${reason}` : null
}
