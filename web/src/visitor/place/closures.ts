import type { SiteDetail } from '../api'
import { t, words } from '../words'

type Closure = SiteDetail['closures'][number]

export function closureTitle(closure: Closure, now: Date): string {
  if (new Date(closure.starts_at) > now) return t('site.closure_coming_title')
  return closure.whole_site ? t('site.closure_title') : t('site.closure_part_title')
}

export function closureWhen(closure: Closure): string {
  const from = words.moment(closure.starts_at)
  if (!closure.ends_at) return t('site.closure_open_end', { from })
  return t('site.closure_until', { from, until: words.moment(closure.ends_at) })
}
