import { planeAround, type Place, type Spot } from '$shared/walking/plane'
import type { Stop } from '$shared/walking/trigger'
import type { Guide, GuideStop } from '../api'

/** Where nothing else is said, a stop that was heard waits half an hour before it starts again. */
const USUAL_COOLDOWN_S = 1800

export interface Ground {
  plane: (place: Place) => Spot
  stops: Stop[]
}

/** The stops of a guide on a plane; those without a point are found by number or label. */
export function groundOf(guide: Guide): Ground | null {
  const placed = guide.stops.filter((stop) => stop.location)
  const origin = placed[0]?.location
  if (!origin) return null
  const plane = planeAround(origin)
  return { plane, stops: placed.map((stop) => laid(stop, plane)) }
}

function laid(stop: GuideStop, plane: Ground['plane']): Stop {
  return {
    id: stop.id,
    ...plane(stop.location!),
    radius: stop.zone?.radius_m ?? null,
    outline: stop.zone?.area?.slice(1).map(([lon, lat]) => plane({ lat: lat!, lon: lon! })) ?? null,
    bearing: stop.bearing,
    cooldown: (stop.cooldown_s ?? USUAL_COOLDOWN_S) * 1000,
  }
}
