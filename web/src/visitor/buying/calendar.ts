import { addDays } from '$shared/i18n/wording'

/** The Monday of the week that a day lies in. */
export function mondayOf(day: string): string {
  const weekday = new Date(`${day}T00:00:00Z`).getUTCDay()
  return addDays(day, -((weekday + 6) % 7))
}

/** Whole weeks, Monday first, that hold so many days from the first one on. */
export function weeksFrom(first: string, days: number): string[][] {
  const last = addDays(first, days - 1)
  const weeks: string[][] = []
  for (let monday = mondayOf(first); monday <= last; monday = addDays(monday, 7))
    weeks.push(Array.from({ length: 7 }, (_, at) => addDays(monday, at)))
  return weeks
}
