import { network } from '../network.svelte'

/** Why there is no answer, in the few kinds that a person can do something about. */
export type Failure =
  | { kind: 'offline' }
  | { kind: 'slow' }
  | { kind: 'busy' }
  | { kind: 'server' }
  | {
      kind: 'problem'
      status: number
      code: string
      detail: string
      where?: string[]
      /** The whole problem document, for what one code says beside its sentence. */
      facts?: Record<string, unknown>
    }

export type Answer<T> = { ok: true; data: T } | { ok: false; failure: Failure }

/** What openapi-fetch resolves to. */
interface Fetched<T> {
  data?: T
  error?: unknown
  response: Response
}

/** Turns a request into a value: what the server said, or why it could not be heard. */
export async function ask<T>(request: Promise<Fetched<T>>): Promise<Answer<T>> {
  try {
    const { data, error, response } = await request
    network.heard()
    if (response.ok) return { ok: true, data: data as T }
    return { ok: false, failure: failureOf(response.status, error) }
  } catch (error) {
    return { ok: false, failure: unheard(error) }
  }
}

function failureOf(status: number, body: unknown): Failure {
  if (status === 429) return { kind: 'busy' }
  if (status >= 500) return { kind: 'server' }
  const problem = (typeof body === 'object' && body !== null ? body : {}) as Record<string, unknown>
  return {
    kind: 'problem',
    status,
    code: String(problem['code'] ?? 'unknown'),
    detail: String(problem['detail'] ?? ''),
    where: placesIn(problem['errors']),
    facts: problem,
  }
}

/** The fields of the request that a problem document points at. */
function placesIn(errors: unknown): string[] {
  if (!Array.isArray(errors)) return []
  return errors.map((error: { where?: unknown }) => String(error?.where ?? ''))
}

function unheard(error: unknown): Failure {
  if (error instanceof DOMException && error.name === 'TimeoutError') return { kind: 'slow' }
  // A failed fetch has no body to read: the network is gone, whatever the phone believes.
  if (error instanceof TypeError) {
    network.lost()
    return { kind: 'offline' }
  }
  return { kind: 'server' }
}
