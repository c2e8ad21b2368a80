import { t, words } from '../words'
import { doorsInWords, type Doors } from './opening'

/** One short sentence about the doors; null when no hours are known. */
export function openingSentence(doors: Doors, now: Date): string | null {
  const told = doorsInWords(doors, now)
  switch (told.say) {
    case 'unknown':
      return null
    case 'open':
      return t('site.open')
    case 'closed':
      return t('site.closed')
    case 'opens_on':
      return t('site.opens_on', { time: words.time(told.at), day: words.day(told.day, 'short') })
    default:
      return t(`site.${told.say}`, { time: words.time(told.at) })
  }
}
