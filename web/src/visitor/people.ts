import { t, words, type Key } from './words'

const KNOWN = ['adult', 'child', 'priority', 'guide']

/** Departments name their categories in these; anybody else would read a foreign word. */
const NAMED_BY_THE_SERVER = ['vi', 'en']

/** The name of a visitor category: the server's own where it sends one that the reader knows. */
export function personName(category: string | { category: string; name?: string | null }): string {
  if (typeof category === 'object') {
    const { category: code, name } = category
    const foreign = KNOWN.includes(code) && !NAMED_BY_THE_SERVER.includes(words.language)
    return name && !foreign ? name : personName(code)
  }
  return KNOWN.includes(category) ? t(`person.${category}` as Key) : category
}
