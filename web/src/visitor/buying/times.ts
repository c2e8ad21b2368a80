import type { Schemas } from '$shared/api/client'

/** A day, or one time of it, as the server tells of it. */
export type Opening = Schemas['OpeningOut']

export type TimeState = 'room' | 'few' | 'full' | 'held' | 'shut'
export type DayMark = 'open' | 'sold_out' | 'closed' | 'unknown'

const MOST_ALTERNATIVES = 6
const FULL = ['sold_out', 'held_by_others']

/** A product is visited at times when its openings have them, or when it has none at all. */
export function isTimed(openings: Opening[] | undefined): boolean {
  return openings !== undefined && openings.every((opening) => opening.slot_id !== null)
}

/** Whether so many people fit, and if not, why. */
export function stateOf(opening: Opening, people: number): TimeState {
  const why = opening.reason?.code
  if (why === 'held_by_others') return 'held'
  if (opening.status === 'sold_out') return 'full'
  if (opening.status === 'closed') return 'shut'
  return opening.remaining !== null && opening.remaining < people ? 'few' : 'room'
}

/** Openings with room, the nearest to the wanted instant first; the earlier one at a tie. */
export function nearest(openings: Opening[], wanted: string, people: number): Opening[] {
  const far = (opening: Opening): number => Math.abs(instant(opening) - Date.parse(wanted))
  return openings
    .filter((opening) => stateOf(opening, people) === 'room')
    .sort((a, b) => far(a) - far(b) || instant(a) - instant(b))
    .slice(0, MOST_ALTERNATIVES)
}

/** Why openings cannot be chosen: each sentence once, with the openings that it is about. */
export function reasonsOf(openings: Opening[]): { text: string; about: Opening[] }[] {
  const byText = new Map<string, Opening[]>()
  for (const opening of openings) {
    const text = opening.reason?.text
    if (text) byText.set(text, [...(byText.get(text) ?? []), opening])
  }
  return [...byText].map(([text, about]) => ({ text, about }))
}

/** What a day is worth, from the openings of that day of all products that count. */
export function markOf(openings: Opening[]): DayMark {
  if (openings.length === 0) return 'unknown'
  if (openings.some(({ status }) => status === 'available' || status === 'limited')) return 'open'
  return openings.some(({ reason }) => reason && FULL.includes(reason.code)) ? 'sold_out' : 'closed'
}

function instant(opening: Opening): number {
  return Date.parse(opening.starts_at)
}
