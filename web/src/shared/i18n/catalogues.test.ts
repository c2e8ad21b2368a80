import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Catalogue, Message } from './message'

const src = resolve(import.meta.dirname, '../..')
const folders = readdirSync(src)
  .map((part) => join(src, part, 'messages'))
  .filter((folder) => existsSync(folder))

describe.each(folders)('the catalogues of %s', (folder) => {
  const catalogues = Object.fromEntries(
    readdirSync(folder).map((file) => [file.replace('.json', ''), read(join(folder, file))]),
  )
  const vietnamese = catalogues['vi']!

  it.each(Object.keys(catalogues))('%s says everything that Vietnamese says', (language) => {
    expect(Object.keys(catalogues[language]!).sort()).toEqual(Object.keys(vietnamese).sort())
  })

  it.each(Object.keys(catalogues))('%s fills the same places', (language) => {
    for (const [key, message] of Object.entries(catalogues[language]!))
      expect([key, places(message)]).toEqual([key, places(vietnamese[key]!)])
  })

  it.each(Object.keys(catalogues))('%s has every plural form its language needs', (language) => {
    const needed = new Intl.PluralRules(language).resolvedOptions().pluralCategories
    for (const message of Object.values(catalogues[language]!))
      if (typeof message !== 'string') expect(Object.keys(message).sort()).toEqual(needed.sort())
  })

  it('holds no sentence that nobody says', () => {
    const code = codeOf(src)
    const unused = Object.keys(vietnamese).filter((key) => !isSaid(key, code))
    expect(unused).toEqual([])
  })
})

function read(file: string): Catalogue {
  return JSON.parse(readFileSync(file, 'utf8')) as Catalogue
}

function places(message: Message): string[] {
  const text = typeof message === 'string' ? message : message.other
  return [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1]!).sort()
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
