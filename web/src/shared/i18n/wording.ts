/** How amounts, days and times are written. Everything is told in the province's own time. */

import { dateFormat, numberFormat } from './formatters'

const PROVINCE_TIME = 'Asia/Ho_Chi_Minh'
/** Without summer time, since 1975. */
const AHEAD_OF_UTC_MS = 7 * 3600 * 1000

const DAY_STYLES = {
  long: { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' },
  medium: { weekday: 'long', day: 'numeric', month: 'long' },
  short: { weekday: 'short', day: 'numeric', month: 'numeric' },
} as const satisfies Record<string, Intl.DateTimeFormatOptions>

export type DayStyle = keyof typeof DAY_STYLES

export interface Money {
  amount: number
  currency: string
}

/** `200.000 ₫` in Vietnamese, the local form elsewhere. */
export function writeMoney(money: Money, language: string): string {
  return numberFormat(language, {
    style: 'currency',
    currency: money.currency,
    maximumFractionDigits: money.currency === 'VND' ? 0 : 2,
  }).format(money.amount)
}

/** A calendar day such as "2026-11-22", with its weekday; independent of the phone's time zone. */
export function writeDay(day: string, language: string, style: DayStyle = 'long'): string {
  return dateFormat(language, { ...DAY_STYLES[style], timeZone: 'UTC' }).format(
    new Date(`${day}T00:00:00Z`),
  )
}

/** The clock in Huế at an instant: "7:00", "07:00" or "7:00 AM" as the language has it. */
export function writeTime(instant: string | Date, language: string): string {
  return dateFormat(language, {
    hour: 'numeric',
    minute: '2-digit',
    timeZone: PROVINCE_TIME,
  }).format(new Date(instant))
}

export function writeMoment(instant: string | Date, language: string): string {
  return dateFormat(language, {
    day: 'numeric',
    month: 'numeric',
    hour: 'numeric',
    minute: '2-digit',
    timeZone: PROVINCE_TIME,
  }).format(new Date(instant))
}

/** "2026-11-22": the calendar day in Huế at an instant. */
export function dayInProvince(instant: string | Date): string {
  return new Date(new Date(instant).getTime() + AHEAD_OF_UTC_MS).toISOString().slice(0, 10)
}

/** A calendar day in figures with its year: "1/11/2026". */
export function writeDate(day: string, language: string): string {
  return dateFormat(language, {
    day: 'numeric',
    month: 'numeric',
    year: 'numeric',
    timeZone: 'UTC',
  }).format(new Date(`${day}T00:00:00Z`))
}

export function addDays(day: string, days: number): string {
  const date = new Date(`${day}T00:00:00Z`)
  date.setUTCDate(date.getUTCDate() + days)
  return date.toISOString().slice(0, 10)
}

export type DistanceInWords =
  { unit: 'here' } | { unit: 'walk'; minutes: number } | { unit: 'km'; kilometres: string }

/** Near places by minutes on foot (80 m a minute), far ones by kilometres. */
export function distanceInWords(metres: number, language: string): DistanceInWords {
  if (metres < 60) return { unit: 'here' }
  if (metres < 2400) return { unit: 'walk', minutes: Math.max(1, Math.round(metres / 80)) }
  const kilometres = metres / 1000
  const rounded = numberFormat(language, {
    maximumFractionDigits: kilometres < 10 ? 1 : 0,
  }).format(kilometres)
  return { unit: 'km', kilometres: rounded }
}
