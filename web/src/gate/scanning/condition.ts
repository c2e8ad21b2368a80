import { LIST_OLD_AFTER, LIST_TOO_OLD_AFTER } from '$shared/judging/judge'
import type { StorageTrouble } from '../alone/station.svelte'
import type { Key } from '../words'

/** What the guard must know of the phone before the next visitor comes. */
export interface Condition {
  trouble: StorageTrouble | null
  packTrouble: string | null
  hasPack: boolean
  listsAge: number | null
  wasSetBack: boolean
}

export interface Warning {
  key: Key
  hours?: number
}

const HOUR = 3_600

/** The gravest first; null when all is well. */
export function warningOf(condition: Condition): Warning | null {
  const { trouble, packTrouble, hasPack, listsAge, wasSetBack } = condition
  if (trouble) return { key: `storage.${trouble}` }
  if (packTrouble === 'evicted') return { key: 'lists.evicted' }
  if (!hasPack) return { key: 'lists.none' }
  if (packTrouble) return { key: 'lists.refused' }
  if (wasSetBack) return { key: 'clock.set_back' }
  const hours = Math.floor((listsAge ?? 0) / HOUR)
  if (listsAge !== null && listsAge > LIST_TOO_OLD_AFTER) return { key: 'lists.too_old', hours }
  if (listsAge !== null && listsAge > LIST_OLD_AFTER) return { key: 'lists.old', hours }
  return null
}
