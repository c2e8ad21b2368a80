import { decodeBase64url } from '$shared/token/base64url'
import type { Pin } from '../pack/gate_pack'

/** Who works at this gate now. No name of a person: the label of the badge. */
export interface Shift {
  label: string
  role: string
  until: number
}

/** Wrong PINs in a row, and until when (seconds) none is taken. */
export interface Tries {
  wrong: number
  blockedUntil: number
}

export type PinAnswer = { ok: true; shift: Shift } | { ok: false; waitUntil: number | null }

export const NO_TRIES: Tries = { wrong: 0, blockedUntil: 0 }
const FREE_TRIES = 4
const FIRST_WAIT = 60
const LONGEST_WAIT = 3_600

/** True when guards have PINs for this hour and nobody has begun the shift with one. */
export function isPinWanted(pins: readonly Pin[], shift: Shift | null, at: number): boolean {
  const forGuards = pins.filter((pin) => pin.role !== 'supervisor')
  const isHour = forGuards.some((pin) => pin.valid_from <= at && at < pin.valid_until)
  return isHour && (shift === null || at >= shift.until)
}

/** The PIN's owner, of those whose shift it is; `supervisor` takes supervisors alone. */
export async function ownerOf(
  pin: string,
  pins: readonly Pin[],
  at: number,
  { supervisor = false } = {},
): Promise<Shift | null> {
  for (const one of pins) {
    const onDuty = one.valid_from <= at && at < one.valid_until
    if (!onDuty || (supervisor && one.role !== 'supervisor')) continue
    if (await isRight(pin, one)) return { label: one.label, role: one.role, until: one.valid_until }
  }
  return null
}

/** After some wrong ones each further costs a minute, then two, then four. */
export function afterWrong({ wrong }: Tries, at: number): Tries {
  const counted = wrong + 1
  if (counted <= FREE_TRIES) return { wrong: counted, blockedUntil: 0 }
  const wait = Math.min(FIRST_WAIT * 2 ** (counted - FREE_TRIES - 1), LONGEST_WAIT)
  return { wrong: counted, blockedUntil: at + wait }
}

async function isRight(pin: string, { salt, iterations, verifier }: Pin): Promise<boolean> {
  const key = await crypto.subtle.importKey('raw', utf8(pin), 'PBKDF2', false, ['deriveBits'])
  const derived = await crypto.subtle.deriveBits(
    { name: 'PBKDF2', hash: 'SHA-256', salt: new Uint8Array(decodeBase64url(salt)!), iterations },
    key,
    256,
  )
  const wanted = decodeBase64url(verifier)!
  return new Uint8Array(derived).every((byte, index) => byte === wanted[index])
}

function utf8(text: string) {
  return new TextEncoder().encode(text)
}
