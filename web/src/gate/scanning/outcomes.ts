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
export function toneOf(outcome: string): Tone {
  return isKnown(outcome) ? TONES[outcome] : 'person'
}

export function wordOf(outcome: string): Key {
  return isKnown(outcome) ? `outcome.${outcome}` : 'outcome.other'
}

function isKnown(outcome: string): outcome is Outcome {
  return Object.hasOwn(TONES, outcome)
}
