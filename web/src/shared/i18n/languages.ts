/** The twelve languages of the province's visitors, each by its own name. */
export const LANGUAGE_NAMES = {
  vi: 'Tiếng Việt',
  en: 'English',
  fr: 'Français',
  zh: '中文',
  ja: '日本語',
  ko: '한국어',
  th: 'ไทย',
  de: 'Deutsch',
  es: 'Español',
  ru: 'Русский',
  it: 'Italiano',
  pt: 'Português',
} as const

export type Language = keyof typeof LANGUAGE_NAMES

/**
 * The first wanted language that we speak ("fr-CA" is French), else English for a
 * foreigner and Vietnamese for somebody whose phone says nothing.
 */
export function pickLanguage(wanted: readonly string[], spoken: readonly Language[]): Language {
  for (const tag of wanted) {
    const base = tag.toLowerCase().split('-')[0]
    const match = spoken.find((language) => language === base)
    if (match) return match
  }
  return wanted.length > 0 && spoken.includes('en') ? 'en' : 'vi'
}
