import { LIST_OLD_AFTER } from '$shared/judging/judge'
import { openCamera } from '$shared/scanner/camera'

export type Grade = 'ok' | 'look' | 'bad'

/** What is tried before a gate opens, in the order of the screen. */
export const CHECKS = [
  'camera',
  'sound',
  'vibration',
  'clock',
  'storage',
  'lists',
  'queue',
] as const
export type Check = (typeof CHECKS)[number]

/** What the phone said of itself; measured apart from what is made of it. */
export interface Measured {
  hasCamera: boolean
  isAudible: boolean
  canVibrate: boolean
  /** Seconds off the server's clock; null: never compared. */
  clockOff: number | null
  bytesLeft: number | null
  listsAge: number | null
  waiting: number
}

const CLOCK_OFF_LOOK = 60
const LEAST_BYTES = 50_000_000
const FEW_BYTES = 200_000_000

/** A gate may open with what wants a look; with what is broken it may not. */
export function grade(measured: Measured): Record<Check, Grade> {
  return {
    camera: measured.hasCamera ? 'ok' : 'bad',
    sound: measured.isAudible ? 'ok' : 'look',
    vibration: measured.canVibrate ? 'ok' : 'look',
    clock: ofClock(measured.clockOff),
    storage: ofStorage(measured.bytesLeft),
    lists: ofLists(measured.listsAge),
    queue: measured.waiting === 0 ? 'ok' : 'look',
  }
}

function ofClock(off: number | null): Grade {
  if (off === null) return 'bad'
  return Math.abs(off) < CLOCK_OFF_LOOK ? 'ok' : 'look'
}

function ofStorage(left: number | null): Grade {
  if (left === null || left >= FEW_BYTES) return 'ok'
  return left >= LEAST_BYTES ? 'look' : 'bad'
}

function ofLists(age: number | null): Grade {
  if (age === null) return 'bad'
  return age <= LIST_OLD_AFTER ? 'ok' : 'look'
}

/** Opens the camera for a moment; a hardware reader needs none. */
export async function hasCamera(): Promise<boolean> {
  const opening = await openCamera()
  if (opening.ok) opening.camera.close()
  return opening.ok
}

export async function bytesLeft(): Promise<number | null> {
  const estimate = await navigator.storage?.estimate?.()
  if (estimate?.quota === undefined) return null
  return estimate.quota - (estimate.usage ?? 0)
}
