export type Route =
  | { name: 'home' }
  | { name: 'site'; slug: string }
  | { name: 'buy'; slug: string }
  | { name: 'order'; code: string }
  | { name: 'change'; code: string; act: Act; ticket: string }
  | { name: 'rating'; code: string }
  | { name: 'tickets' }
  | { name: 'lost' }
  | { name: 'privacy' }
  | { name: 'guide'; id: number; label: string }
  | { name: 'gift'; code: string }
  | { name: 'tour' }
  | { name: 'nowhere' }

/** What a buyer does with tickets after paying; `ticket` is empty where it is about the order. */
export type Act = 'cancel' | 'move' | 'split' | 'merge' | 'give'

const ACTS: readonly string[] = ['cancel', 'move', 'split', 'merge', 'give'] satisfies Act[]

const ID = /^[1-9]\d{0,14}$/

/** Which screen an address means. */
export function routeOf(path: string): Route {
  const [place = '', value = '', ...rest] = path.split('/').filter(Boolean).map(decodeURIComponent)
  if (rest.length > 0) return deeper(place, value, rest)
  if (place === '') return { name: 'home' }
  if (place === 'tickets' && value === '') return { name: 'tickets' }
  if (place === 'tickets' && value === 'lost') return { name: 'lost' }
  if (place === 'privacy' && value === '') return { name: 'privacy' }
  if (value === '') return { name: 'nowhere' }
  if (place === 'sites' || place === 'buy')
    return { name: place === 'buy' ? 'buy' : 'site', slug: value }
  if (place === 'orders') return { name: 'order', code: value }
  if (place === 'guides' && ID.test(value)) return { name: 'guide', id: Number(value), label: '' }
  if (place === 'tours' && ID.test(value)) return { name: 'tour' }
  return { name: 'nowhere' }
}

/** Whether the app shows what is there; a tour is the server's page, the app stands in offline. */
export function isScreen(path: string): boolean {
  return !['nowhere', 'tour'].includes(routeOf(path).name)
}

function deeper(place: string, value: string, [act = '', ticket = '', ...rest]: string[]): Route {
  if (rest.length > 0) return { name: 'nowhere' }
  if (place === 'tickets' && value === 'transfers' && !ticket) return { name: 'gift', code: act }
  // The label at an object leads here: /guides/3/7k2m9qxa.
  if (place === 'guides' && ID.test(value) && !ticket)
    return { name: 'guide', id: Number(value), label: act }
  if (place === 'orders' && act === 'rating' && !ticket) return { name: 'rating', code: value }
  if (place === 'orders' && ACTS.includes(act))
    return { name: 'change', code: value, act: act as Act, ticket }
  return { name: 'nowhere' }
}
