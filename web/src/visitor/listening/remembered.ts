/** Where somebody stopped listening, and how fast they like it; on this phone alone. */

const PLACES = 'ngomon.listening'
const RATE = 'ngomon.speed'

/** Seconds at which a narration goes on. */
export function recall(narration: number): number {
  return places()[narration] ?? 0
}

export function remember(narration: number, seconds: number): void {
  const all = places()
  if (seconds > 0) all[narration] = Math.round(seconds)
  else delete all[narration]
  keep(PLACES, JSON.stringify(all))
}

export function recallRate(): number {
  const rate = Number(kept(RATE))
  return rate >= 0.5 && rate <= 2 ? rate : 1
}

export function rememberRate(rate: number): void {
  keep(RATE, String(rate))
}

function places(): Record<number, number> {
  try {
    return JSON.parse(kept(PLACES) ?? '{}') as Record<number, number>
  } catch {
    return {}
  }
}

function kept(name: string): string | null {
  try {
    return localStorage.getItem(name)
  } catch {
    return null
  }
}

function keep(name: string, value: string): void {
  try {
    localStorage.setItem(name, value)
  } catch {
    return
  }
}
