import { addDays, dayInProvince } from '$shared/i18n/wording'

/** When the doors next change, told the way a person would. */
export type NextChange =
  | { say: 'closes'; at: string }
  | { say: 'opens_today' | 'opens_tomorrow'; at: string }
  | { say: 'opens_on'; at: string; day: string }

export function nextChange(openNow: boolean, changesAt: string, now: Date): NextChange {
  if (openNow) return { say: 'closes', at: changesAt }
  const [today, day] = [dayInProvince(now), dayInProvince(changesAt)]
  if (day === today) return { say: 'opens_today', at: changesAt }
  if (day === addDays(today, 1)) return { say: 'opens_tomorrow', at: changesAt }
  return { say: 'opens_on', at: changesAt, day }
}
