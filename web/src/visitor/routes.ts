export type Route =
  | { name: 'home' }
  | { name: 'site'; slug: string }
  | { name: 'buy'; slug: string }
  | { name: 'order'; code: string }
  | { name: 'tickets' }
  | { name: 'nowhere' }

/** Which screen an address means. */
export function routeOf(path: string): Route {
  const [place = '', value = '', ...rest] = path.split('/').filter(Boolean).map(decodeURIComponent)
  if (rest.length > 0) return { name: 'nowhere' }
  if (place === '') return { name: 'home' }
  if (place === 'tickets' && value === '') return { name: 'tickets' }
  if (value === '') return { name: 'nowhere' }
  if (place === 'sites' || place === 'buy')
    return { name: place === 'buy' ? 'buy' : 'site', slug: value }
  if (place === 'orders') return { name: 'order', code: value }
  return { name: 'nowhere' }
}
