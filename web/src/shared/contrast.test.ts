import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { colours, contrast } from './contrast_of_tests'

/** Text on its ground, as the screens use them. */
const TEXT: [text: string, ground: string][] = [
  ['ink', 'paper'],
  ['ink', 'paper-raised'],
  ['ink', 'paper-sunk'],
  ['ink-soft', 'paper'],
  ['ink-soft', 'paper-raised'],
  ['ink-soft', 'paper-sunk'],
  ['purple', 'paper'],
  ['purple', 'paper-raised'],
  ['purple', 'paper-sunk'],
  ['purple', 'purple-tint'],
  ['vermilion', 'paper'],
  ['vermilion', 'paper-raised'],
  ['jade', 'paper'],
  ['jade', 'paper-raised'],
  ['amber', 'paper'],
  ['amber', 'paper-raised'],
  ['ink', 'purple-tint'],
  ['ink', 'vermilion-tint'],
  ['ink', 'jade-tint'],
  ['ink', 'amber-tint'],
  ['vermilion', 'vermilion-tint'],
  ['jade', 'jade-tint'],
  ['amber', 'amber-tint'],
  ['on-purple', 'purple-fill'],
  ['on-vermilion', 'vermilion-fill'],
  ['on-jade', 'jade-fill'],
  ['on-amber', 'amber-fill'],
  ['on-yellow', 'yellow'],
]

/** Shapes that carry a meaning: borders of fields, the focus ring, progress. */
const SHAPES: [shape: string, ground: string][] = [
  ['line', 'paper'],
  ['line', 'paper-raised'],
  ['purple', 'paper'],
  ['purple', 'paper-raised'],
  ['vermilion', 'vermilion-tint'],
  ['jade', 'jade-tint'],
  ['amber', 'amber-tint'],
  ['purple-fill', 'paper'],
]

const css = readFileSync(resolve(import.meta.dirname, 'tokens.css'), 'utf8')
const [lightPart, darkPart] = css.split('prefers-color-scheme: dark') as [string, string]
const light = colours(lightPart)
const dark = { ...light, ...colours(darkPart) }

describe.each([
  ['light', light],
  ['dark', dark],
])('in the %s scheme', (_scheme, tokens) => {
  it.each(TEXT)('text %s on %s can be read', (text, ground) => {
    expect(contrast(tokens[text]!, tokens[ground]!)).toBeGreaterThanOrEqual(4.5)
  })

  it.each(SHAPES)('shape %s on %s can be seen', (shape, ground) => {
    expect(contrast(tokens[shape]!, tokens[ground]!)).toBeGreaterThanOrEqual(3)
  })
})
