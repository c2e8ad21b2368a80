import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import alike from './alike.json'
import { LANGUAGE_NAMES } from './languages'
import type { Catalogue, Message } from './message'

const src = resolve(import.meta.dirname, '../..')
const folders = readdirSync(src)
  .map((part) => join(src, part, 'messages'))
  .filter((folder) => existsSync(folder))
/** Guards and their managers read Vietnamese, or English; everything else speaks to visitors. */
const FOR_STAFF = ['gate']
/** What is the same word as in English, with the reason, by language ("*": in all of them). */
const EXCUSED: Record<string, Record<string, string>> = alike
const EVERY_LANGUAGE = Object.keys(LANGUAGE_NAMES)

describe.each(folders)('the catalogues of %s', (folder) => {
  const catalogues = Object.fromEntries(
    readdirSync(folder).map((file) => [file.replace('.json', ''), read(join(folder, file))]),
  )
  const vietnamese = catalogues['vi']!
  const english = catalogues['en']!

  it('speaks the language of everybody it is for', () => {
    const staff = FOR_STAFF.includes(basename(dirname(folder)))
    expect(Object.keys(catalogues).sort()).toEqual(
      staff ? ['en', 'vi'] : [...EVERY_LANGUAGE].sort(),
    )
  })

  it.each(Object.keys(catalogues))('%s says everything that Vietnamese says', (language) => {
    expect(Object.keys(catalogues[language]!)).toEqual(Object.keys(vietnamese))
  })

  it.each(Object.keys(catalogues))('%s fills the same places in each plural form', (language) => {
    for (const [key, message] of Object.entries(catalogues[language]!))
      for (const [form, text] of Object.entries(formsOf(message)))
        expect([key, form, places(text)]).toEqual([
          key,
          form,
          mayLeaveOutTheNumber(form, text) ? places(text) : placesOf(vietnamese[key]!),
        ])
  })

  it.each(Object.keys(catalogues))('%s has every plural form its language needs', (language) => {
    const needed = new Intl.PluralRules(language).resolvedOptions().pluralCategories
    for (const message of Object.values(catalogues[language]!))
      if (typeof message !== 'string') expect(Object.keys(message).sort()).toEqual(needed.sort())
  })

  it.each(Object.keys(catalogues).filter((language) => language !== 'en'))(
    '%s is nowhere left in English by accident',
    (language) => {
      const left = Object.entries(catalogues[language]!)
        .filter(([key, message]) => JSON.stringify(message) === JSON.stringify(english[key]))
        .map(([key]) => key)
        .filter((key) => !isMeantToBeAlike(key, language))
      expect(left).toEqual([])
    },
  )

  it('holds no sentence that nobody says', () => {
    const code = codeOf(src)
    const unused = Object.keys(vietnamese).filter((key) => !isSaid(key, code))
    expect(unused).toEqual([])
  })
})

it('excuses nothing that is translated by now', () => {
  const excuses = Object.entries(EXCUSED).flatMap(([language, keys]) =>
    Object.keys(keys).map((key) => [language, key] as const),
  )
  const stale = excuses.filter(([language, key]) => {
    const tongues = language === '*' ? EVERY_LANGUAGE : [language]
    return !folders.some((folder) =>
      tongues.every((tongue) => saidBy(folder, tongue, key) === saidBy(folder, 'en', key)),
    )
  })
  expect(stale).toEqual([])
})

function read(file: string): Catalogue {
  return JSON.parse(readFileSync(file, 'utf8')) as Catalogue
}

function isMeantToBeAlike(key: string, language: string): boolean {
  return key in EXCUSED['*']! || key in (EXCUSED[language] ?? {})
}

/** The sentence as text; unlike any other where this catalogue does not have it. */
function saidBy(folder: string, language: string, key: string): string {
  const file = join(folder, `${language}.json`)
  const message = existsSync(file) ? read(file)[key] : undefined
  return message === undefined ? `nothing in ${language}` : JSON.stringify(message)
}

function formsOf(message: Message): Record<string, string> {
  return typeof message === 'string' ? { other: message } : (message as Record<string, string>)
}

function placesOf(message: Message): string[] {
  return places(formsOf(message)['other']!)
}

function places(text: string): string[] {
  return [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1]!).sort()
}

/** "Add an adult" needs no figure, but every other place has to be filled. */
function mayLeaveOutTheNumber(form: string, text: string): boolean {
  return form === 'one' && !text.includes('{')
}

function codeOf(folder: string): string {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.(ts|svelte)$/.test(file) && !file.endsWith('.test.ts'))
    .map((file) => readFileSync(join(folder, file), 'utf8'))
    .join('\n')
}

/** Said by its whole name, or by a name that is completed while running: t(`category.${code}`). */
function isSaid(key: string, code: string): boolean {
  const beginnings = [...key.matchAll(/[._]/g)].map((match) => key.slice(0, match.index + 1))
  const completed = beginnings.map((beginning) => `\`${beginning}\${`)
  return [`'${key}'`, `"${key}"`, ...completed].some((said) => code.includes(said))
}
