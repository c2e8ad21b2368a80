import type { Failure } from '$shared/api/answer'

/** Why a typed code brought no ticket. `needs_sync`: the lists of the phone cannot answer this. */
export type CodeTrouble = 'needs_sync' | 'off' | 'wrong' | 'too_many' | 'failed'

export function codeTrouble(failure: Failure): CodeTrouble {
  if (failure.kind === 'offline' || failure.kind === 'slow') return 'needs_sync'
  if (failure.kind === 'busy') return 'too_many'
  if (failure.kind !== 'problem') return 'failed'
  if (failure.code === 'code_search_off') return 'off'
  return failure.code === 'no_such_code' ? 'wrong' : 'failed'
}
