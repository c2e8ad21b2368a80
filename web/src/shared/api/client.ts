import createClient, { type Client } from 'openapi-fetch'
import type { components, paths } from './schema'

export type Schemas = components['schemas']

const PATIENCE_MS = 15_000

/** A typed client of our own server. `language` is asked anew for each request. */
export function createApi(language: () => string): Client<paths> {
  const api = createClient<paths>({ baseUrl: location.origin })
  api.use({
    onRequest({ request }) {
      request.headers.set('Accept-Language', language())
      return new Request(request, { signal: AbortSignal.timeout(PATIENCE_MS) })
    },
  })
  return api
}
