import { expect, it } from 'vitest'
import { ask } from './answer'

const problem = {
  code: 'sold_out',
  detail: 'Hết vé ngày này.',
  errors: [{ where: 'body.lines.0', message: '' }],
}

it('hands over what the server said', async () => {
  const answer = await ask(Promise.resolve({ data: 7, response: new Response() }))
  expect(answer).toEqual({ ok: true, data: 7 })
})

it('keeps the code and the sentence of a problem document', async () => {
  const response = new Response(null, { status: 409 })
  expect(await ask(Promise.resolve({ error: problem, response }))).toEqual({
    ok: false,
    failure: {
      kind: 'problem',
      status: 409,
      code: 'sold_out',
      detail: 'Hết vé ngày này.',
      where: ['body.lines.0'],
      facts: problem,
    },
  })
})

it.each([
  [429, 'busy'],
  [500, 'server'],
  [503, 'server'],
])('reads status %i as %s', async (status, kind) => {
  const response = new Response(null, { status })
  expect(await ask(Promise.resolve({ error: '<html>', response }))).toEqual({
    ok: false,
    failure: { kind },
  })
})

it('tells no network from a slow server', async () => {
  const offline = await ask(Promise.reject(new TypeError('Failed to fetch')))
  expect(offline).toEqual({ ok: false, failure: { kind: 'offline' } })
  const slow = await ask(Promise.reject(new DOMException('', 'TimeoutError')))
  expect(slow).toEqual({ ok: false, failure: { kind: 'slow' } })
})
