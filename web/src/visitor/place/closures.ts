import { dayInProvince } from '$shared/i18n/wording'
import type { SiteDetail } from '../api'
import { t, words } from '../words'

type Closure = Pick<SiteDetail['closures'][number], 'starts_at' | 'ends_at' | 'whole_site'>

export function closureTitle(closure: Closure, now: Date): string {
  if (new Date(closure.starts_at) > now) return t('site.closure_coming_title')
  return closure.whole_site ? t('site.closure_title') : t('site.closure_part_title')
}

/** Whole days by their dates, the last one included; hours only where a closure has them. */
export function closureWhen(closure: Closure): string {
  const { starts_at, ends_at } = closure
  const from = isMidnight(starts_at)
    ? words.date(dayInProvince(starts_at))
    : words.moment(starts_at)
  if (!ends_at) return t('site.closure_open_end', { from })
  const lastDay = dayInProvince(new Date(Date.parse(ends_at) - 1))
  const until = isMidnight(ends_at) ? words.date(lastDay) : words.moment(ends_at)
  return from === until ? from : t('site.closure_until', { from, until })
}

function isMidnight(instant: string): boolean {
  const day = dayInProvince(instant)
  return Date.parse(`${day}T00:00:00+07:00`) === Date.parse(instant)
}
