import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { colours, contrast } from '$shared/contrast_of_tests'

const css = readFileSync(resolve(import.meta.dirname, '../gate.css'), 'utf8')
const [usualPart, sunPart] = css.split(':root[data-sunlight] {') as [string, string]
const usual = colours(usualPart)
const sun = { ...usual, ...colours(sunPart) }

describe.each([
  ['usual', usual, 4.5],
  ['sunlit', sun, 6.5],
])('the %s answers', (_screen, tokens, least) => {
  it.each(['go', 'person', 'stop'])('%s can be read', (tone) => {
    expect(contrast(tokens[`on-${tone}`]!, tokens[`${tone}-ground`]!)).toBeGreaterThan(least)
  })

  it('differ without colours', () => {
    const { 'stop-ground': stop, 'go-ground': go, 'person-ground': person } = tokens
    expect(contrast(stop!, go!)).toBeGreaterThan(2)
    expect(contrast(go!, person!)).toBeGreaterThan(2.5)
  })
})
