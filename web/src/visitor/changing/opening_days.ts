import type { Opening } from './change_page.svelte'

/** A day of a product with its times; a product without times has one opening a day. */
export interface OpeningDay {
  day: string
  times: Opening[]
  /** Whether so many people still fit somewhere on this day. */
  open: boolean
  /** Why not, in the server's words. */
  reason: string
}

export function hasRoom(opening: Opening, people: number): boolean {
  if (opening.status === 'closed' || opening.status === 'sold_out') return false
  return opening.remaining === null || opening.remaining >= people
}

/** The openings by day, each in the order of its times. */
export function byDay(openings: Opening[], people: number): OpeningDay[] {
  const days = new Map<string, Opening[]>()
  for (const opening of openings)
    days.set(opening.visit_date, [...(days.get(opening.visit_date) ?? []), opening])
  return [...days].map(([day, times]) => ({
    day,
    times,
    open: times.some((opening) => hasRoom(opening, people)),
    reason: times.find((opening) => opening.reason)?.reason?.text ?? '',
  }))
}
