import type { Rule } from './facts'

const MINUTE = 60
const DAY = 24 * 60 * MINUTE
/** Việt Nam keeps one offset all the year. */
export const VIETNAM_OFFSET = 7 * 60 * MINUTE

type Opened = readonly (readonly [place: number, firstAt: number])[]

/** When the time of a pass is over, counted from its first entry; Infinity when it never is. */
export function ruleEndsAt(rule: Rule, opened: Opened): number {
  if (opened.length === 0) return Infinity
  const firstAt = Math.min(...opened.map(([, at]) => at))
  const ends = [Infinity]
  if (rule.use_within_minutes !== null) ends.push(firstAt + rule.use_within_minutes * MINUTE)
  if (rule.days_from_first_use !== null)
    ends.push(midnightBefore(firstAt) + rule.days_from_first_use * DAY)
  return Math.min(...ends)
}

export function midnightBefore(at: number): number {
  return Math.floor((at + VIETNAM_OFFSET) / DAY) * DAY - VIETNAM_OFFSET
}

/** With a limit, places may be left out, but nobody goes back. */
export function goesBack(rule: Rule, places: ReadonlySet<number>, place: number): boolean {
  const turn = rule.sequence.indexOf(place)
  if (rule.sites_limit === null || turn < 0) return false
  return rule.sequence.slice(turn).some((later) => places.has(later))
}

/** Without a limit, every place has its turn. */
export function comesEarly(rule: Rule, places: ReadonlySet<number>, place: number): boolean {
  const turn = rule.sequence.indexOf(place)
  if (rule.sites_limit !== null || places.has(place) || turn < 0) return false
  return !rule.sequence.slice(0, turn).every((before) => places.has(before))
}
