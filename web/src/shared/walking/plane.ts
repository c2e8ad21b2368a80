/** A few hundred metres of the earth as a plane: metres east and north of an origin. */

export interface Place {
  lat: number
  lon: number
}

export interface Spot {
  x: number
  y: number
}

const METRES_PER_DEGREE = 111_320

/** A function that lays places on the plane around `origin`; a few centimetres off per 100 m. */
export function planeAround(origin: Place): (place: Place) => Spot {
  const perDegreeEast = METRES_PER_DEGREE * Math.cos((origin.lat * Math.PI) / 180)
  return ({ lat, lon }) => ({
    x: (lon - origin.lon) * perDegreeEast,
    y: (lat - origin.lat) * METRES_PER_DEGREE,
  })
}

export function apart(a: Spot, b: Spot): number {
  return Math.hypot(a.x - b.x, a.y - b.y)
}

/** Metres to the border of an outline, negative inside it. */
export function toBorder(spot: Spot, outline: readonly Spot[]): number {
  let nearest = Infinity
  let inside = false
  outline.forEach((to, index) => {
    const from = outline.at(index - 1) as Spot
    nearest = Math.min(nearest, toSide(spot, from, to))
    // A ray to the east crosses the outline an odd number of times from inside.
    if (from.y > spot.y !== to.y > spot.y) {
      const crossing = from.x + ((spot.y - from.y) / (to.y - from.y)) * (to.x - from.x)
      if (crossing > spot.x) inside = !inside
    }
  })
  return inside ? -nearest : nearest
}

function toSide(spot: Spot, from: Spot, to: Spot): number {
  const length = apart(from, to)
  if (length === 0) return apart(spot, from)
  const along = ((spot.x - from.x) * (to.x - from.x) + (spot.y - from.y) * (to.y - from.y)) / length
  const share = Math.min(Math.max(along / length, 0), 1)
  return apart(spot, {
    x: from.x + share * (to.x - from.x),
    y: from.y + share * (to.y - from.y),
  })
}

/** Degrees between two compass directions, 0 to 180. */
export function turn(a: number, b: number): number {
  const between = (((a - b) % 360) + 360) % 360
  return Math.min(between, 360 - between)
}

/** The compass direction from one spot to another, 0 to 360 from north. */
export function bearing(from: Spot, to: Spot): number {
  return ((Math.atan2(to.x - from.x, to.y - from.y) * 180) / Math.PI + 360) % 360
}
