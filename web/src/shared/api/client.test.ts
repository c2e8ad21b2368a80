// @vitest-environment happy-dom
import { expect, it } from 'vitest'
import { ask } from './answer'
import { createApi } from './client'

/** A server that takes the request and never says a word. */
function silence(request: Request): Promise<Response> {
  return new Promise((_answer, fail) => {
    const end = (): void => fail(request.signal.reason as Error)
    if (request.signal.aborted) end()
    request.signal.addEventListener('abort', end)
  })
}

it.each(['before it is sent', 'while it waits'])(
  'ends when its caller has no more patience: %s',
  async (when) => {
    const api = createApi(() => 'vi', silence)
    const caller = new AbortController()
    const giveUp = (): void => caller.abort(new DOMException('', 'TimeoutError'))

    if (when === 'before it is sent') giveUp()
    const asked = ask(api.GET('/api/v1/health', { signal: caller.signal }))
    if (when === 'while it waits') setTimeout(giveUp)

    expect(await asked).toEqual({ ok: false, failure: { kind: 'slow' } })
  },
)
