import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import table from './cases.json'
import type { Case, Decision } from './facts'
import { judge } from './judge'

interface Line {
  given: Case
  expected: Decision
}

/** `manage.py judge_cases` writes this one: too long to keep, so it is read where it was made. */
const MANY = resolve(import.meta.dirname, '../../../../.local/judge_cases.jsonl')
const FEW = resolve(import.meta.dirname, 'random_cases.jsonl')

describe('the decision table', () => {
  it.each(table.cases)('$name', ({ change, expected }) => {
    expect(judge(changed(change))).toEqual(expected)
  })
})

it('answers the random cases of the repository as the server does', () => {
  expect(differencesIn(FEW)).toEqual([])
})

it('answers every freshly made random case as the server does', { timeout: 120_000 }, () => {
  expect(existsSync(MANY) ? differencesIn(MANY) : []).toEqual([])
})

it('changes nothing of what it was given', () => {
  const given = deepFrozen(changed({}))
  expect(judge(given)).toEqual(judge(given))
})

/** The usual case with the changes at their dotted paths. */
function changed(change: Record<string, unknown>): Case {
  const given = structuredClone(table.base) as unknown as Record<string, unknown>
  for (const [path, value] of Object.entries(change)) {
    const names = path.split('.')
    let part = given
    for (const name of names.slice(0, -1)) part = part[name] as Record<string, unknown>
    part[names.at(-1)!] = value
  }
  return given as unknown as Case
}

/** The first lines of a file on which the two programs do not agree. */
function differencesIn(file: string): unknown[] {
  const found: unknown[] = []
  for (const line of readFileSync(file, 'utf8').split('\n').filter(Boolean)) {
    const { given, expected } = JSON.parse(line) as Line
    const answer = judge(given)
    if (!isSame(answer, expected) && found.push({ given, expected, answer }) > 5) break
  }
  return found
}

function isSame(one: Decision, other: Decision): boolean {
  return (Object.keys(other) as (keyof Decision)[]).every((name) => one[name] === other[name])
}

function deepFrozen<T extends object>(value: T): T {
  for (const part of Object.values(value))
    if (typeof part === 'object' && part !== null) deepFrozen(part)
  return Object.freeze(value)
}
