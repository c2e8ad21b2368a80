import { t, type Key } from './words'

const KNOWN = ['adult', 'child', 'priority', 'guide']

/** The name of a visitor category: the server's own where it sends one. */
export function personName(category: string | { category: string; name?: string | null }): string {
  if (typeof category === 'object') return category.name || personName(category.category)
  return KNOWN.includes(category) ? t(`person.${category}` as Key) : category
}
