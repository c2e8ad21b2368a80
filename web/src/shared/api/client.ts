import createClient, { type Client } from 'openapi-fetch'
import type { components, paths } from './schema'

export type Schemas = components['schemas']

const PATIENCE_MS = 15_000

type Fetch = (request: Request) => Promise<Response>

/** A typed client of our own server. `language` is asked anew for each request. */
export function createApi(
  language: () => string,
  fetch: Fetch = (request) => globalThis.fetch(request),
): Client<paths> {
  const api = createClient<paths>({ baseUrl: location.origin, fetch })
  api.use({
    onRequest({ request }) {
      request.headers.set('Accept-Language', language())
      const patience = AbortSignal.timeout(PATIENCE_MS)
      return new Request(request, { signal: whicheverEnds(request.signal, patience) })
    },
  })
  return api
}

/** A caller may be less patient than we are: the first to give up ends the request. */
function whicheverEnds(...signals: AbortSignal[]): AbortSignal {
  const ended = new AbortController()
  for (const signal of signals) {
    if (signal.aborted) ended.abort(signal.reason)
    signal.addEventListener('abort', () => ended.abort(signal.reason), { once: true })
  }
  return ended.signal
}
