export const FIRST_PAUSE_MS = 250
export const LONGEST_PAUSE_MS = 2000
const GROWTH = 1.5

/** 250 ms, then half as much again each time, up to two seconds. */
export function pauseBefore(turn: number): number {
  return Math.min(FIRST_PAUSE_MS * GROWTH ** turn, LONGEST_PAUSE_MS)
}

export type Sleep = (ms: number, signal: AbortSignal) => Promise<void>

/**
 * Asks again and again until `turn` says that it is done or the signal ends it: quickly at
 * first, because money mostly arrives within a second, then patiently.
 */
export async function poll(
  turn: () => Promise<'done' | 'again'>,
  signal: AbortSignal,
  sleep: Sleep = sleepUnlessEnded,
): Promise<void> {
  for (let turns = 0; !signal.aborted; turns += 1) {
    await sleep(pauseBefore(turns), signal)
    if (signal.aborted) return
    if ((await turn()) === 'done') return
  }
}

function sleepUnlessEnded(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms)
    signal.addEventListener(
      'abort',
      () => {
        clearTimeout(timer)
        resolve()
      },
      { once: true },
    )
  })
}
