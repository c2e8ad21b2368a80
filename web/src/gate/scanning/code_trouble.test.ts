import { expect, it } from 'vitest'
import { codeTrouble } from './code_trouble'

const problem = (status: number, code: string) =>
  codeTrouble({ kind: 'problem', status, code, detail: '' })

it('wants the network when the server cannot be heard', () => {
  expect(codeTrouble({ kind: 'offline' })).toBe('needs_sync')
  expect(codeTrouble({ kind: 'slow' })).toBe('needs_sync')
})

it('tells a place that is off from a code that is wrong and from too many tries', () => {
  expect(problem(403, 'code_search_off')).toBe('off')
  expect(problem(404, 'no_such_code')).toBe('wrong')
  expect(codeTrouble({ kind: 'busy' })).toBe('too_many')
  expect(codeTrouble({ kind: 'server' })).toBe('failed')
})
