import { addDays, dayInProvince } from '$shared/i18n/wording'

export interface Doors {
  open_now: boolean | null
  opens_at: string | null
  closes_at: string | null
}

/** What to say about the doors of a place, the way a person would. */
export type DoorsInWords =
  | { say: 'unknown' | 'open' | 'closed' }
  | { say: 'open_until' | 'opens_today' | 'opens_tomorrow'; at: string }
  | { say: 'opens_on'; at: string; day: string }

export function doorsInWords(doors: Doors, now: Date): DoorsInWords {
  const { open_now, opens_at, closes_at } = doors
  if (open_now === null) return { say: 'unknown' }
  if (open_now) return closes_at ? { say: 'open_until', at: closes_at } : { say: 'open' }
  if (!opens_at) return { say: 'closed' }
  const [today, day] = [dayInProvince(now), dayInProvince(opens_at)]
  if (day === today) return { say: 'opens_today', at: opens_at }
  if (day === addDays(today, 1)) return { say: 'opens_tomorrow', at: opens_at }
  return { say: 'opens_on', at: opens_at, day }
}
