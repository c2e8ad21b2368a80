import { ask, type Failure } from '$shared/api/answer'
import { api } from '../api'
import { wallet } from '../wallet/wallet'
import { ratings, type Rating } from './ratings'

/** What became of an answer: the server has it, it waits on this phone, or it was refused. */
export type Sent =
  { as: 'taken' } | { as: 'waits'; for: 'network' | 'gate' } | { as: 'refused'; failure: Failure }

/** Keeps the answer, then sends it. Twice is safe: the server takes the first one of an order. */
export async function send(code: string, secret: string, rating: Rating): Promise<Sent> {
  const kept = ratings.keep(code, { ...rating, sent: false })
  const answer = await ask(
    api.POST('/api/v1/orders/{code}/survey', {
      params: { path: { code }, header: { 'Order-Secret': secret } },
      body: { score: rating.score, comment: rating.comment },
    }),
  )
  const sent = answer.ok ? ({ as: 'taken' } as const) : outcome(answer.failure, kept)
  if (sent.as === 'taken') ratings.keep(code, { ...rating, sent: true })
  if (sent.as === 'refused') ratings.forget(code)
  return sent
}

export function outcome(failure: Failure, kept: boolean): Sent {
  if (failure.kind === 'problem') {
    if (failure.code === 'answered_before') return { as: 'taken' }
    // The gate may have let them in without network: it tells of them later.
    if (failure.code === 'not_visited' && kept) return { as: 'waits', for: 'gate' }
    return { as: 'refused', failure }
  }
  return kept ? { as: 'waits', for: 'network' } : { as: 'refused', failure }
}

/** Sends what waits on this phone. */
export async function sendWaiting(now: Date = new Date()): Promise<void> {
  for (const code of ratings.waiting(now)) {
    const stored = await wallet.find(code).catch(() => undefined)
    const rating = ratings.find(code)
    if (stored && rating) await send(code, stored.secret, rating)
  }
}
