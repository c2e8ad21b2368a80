import { apart, bearing, type Spot } from '$shared/walking/plane'

export const WINDS = ['n', 'ne', 'e', 'se', 's', 'sw', 'w', 'nw'] as const
export type Wind = (typeof WINDS)[number]

export interface Towards {
  metres: number
  degrees: number
  wind: Wind
}

/** How far it is, rounded as people say it, and in which direction. */
export function towards(from: Spot, to: Spot): Towards {
  const far = apart(from, to)
  const step = far < 100 ? 5 : 10
  const degrees = bearing(from, to)
  return {
    metres: Math.max(Math.round(far / step) * step, step),
    degrees,
    wind: WINDS[Math.round(degrees / 45) % WINDS.length]!,
  }
}
