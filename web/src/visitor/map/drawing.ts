import type { Feature, Geometry } from 'geojson'
import type { StyleSpecification } from 'maplibre-gl'

/**
 * Our own quiet map: drawn by hand from the points of the catalogue, so that it needs no tile
 * server, no fonts and nobody else's computer. Every shape is approximate and says so.
 */
type Coordinate = [number, number]

/** From the confluence above the tombs down to the lagoon. */
const PERFUME_RIVER: Coordinate[] = [
  [107.574, 16.383],
  [107.575, 16.4],
  [107.57, 16.415],
  [107.561, 16.421],
  [107.549, 16.427],
  [107.541, 16.44],
  [107.544, 16.451],
  [107.555, 16.456],
  [107.572, 16.459],
  [107.585, 16.4635],
  [107.5895, 16.4685],
  [107.597, 16.476],
  [107.59, 16.485],
  [107.58, 16.492],
  [107.589, 16.51],
  [107.603, 16.529],
  [107.629, 16.56],
]

/** A square around a middle, spanned by two half sides. */
function square([x, y]: Coordinate, [ux, uy]: Coordinate, [vx, vy]: Coordinate): Coordinate[] {
  const corner = (a: number, b: number): Coordinate => [x + a * ux + b * vx, y + a * uy + b * vy]
  return [corner(1, 1), corner(1, -1), corner(-1, -1), corner(-1, 1), corner(1, 1)]
}

// The four gates of the Imperial City lie in the middles of its sides.
const IMPERIAL_CITY = square([107.57773, 16.4699], [0.00146, -0.00222], [0.00241, 0.00172])
const CITADEL = square([107.5751, 16.4739], [0.00577, -0.00876], [0.00912, 0.00554])

function shape(geometry: Geometry): Feature {
  return { type: 'Feature', properties: { approximate: true }, geometry }
}

export interface Colours {
  ground: string
  water: string
  wall: string
  park: string
}

export const BOUNDS: [Coordinate, Coordinate] = [
  [107.53, 16.38],
  [107.64, 16.56],
]

export function drawnStyle(colours: Colours): StyleSpecification {
  const line = (coordinates: Coordinate[]) => shape({ type: 'LineString', coordinates })
  const area = (ring: Coordinate[]) => shape({ type: 'Polygon', coordinates: [ring] })
  const source = (data: Feature) => ({ type: 'geojson' as const, data })
  const wide = (near: number, far: number) => [
    'interpolate' as const,
    ['exponential' as const, 2],
    ['zoom' as const],
    10,
    far,
    16,
    near,
  ]
  return {
    version: 8,
    sources: {
      river: source(line(PERFUME_RIVER)),
      citadel: source(area(CITADEL)),
      imperial: source(area(IMPERIAL_CITY)),
    },
    layers: [
      { id: 'ground', type: 'background', paint: { 'background-color': colours.ground } },
      {
        id: 'river',
        type: 'line',
        source: 'river',
        layout: { 'line-cap': 'round', 'line-join': 'round' },
        // About 300 metres at every scale.
        paint: { 'line-color': colours.water, 'line-width': wide(128, 2) as never },
      },
      {
        id: 'moat',
        type: 'line',
        source: 'citadel',
        paint: { 'line-color': colours.water, 'line-width': wide(40, 1) as never },
      },
      { id: 'citadel', type: 'fill', source: 'citadel', paint: { 'fill-color': colours.park } },
      {
        id: 'walls',
        type: 'line',
        source: 'imperial',
        paint: { 'line-color': colours.wall, 'line-width': wide(8, 1) as never },
      },
    ],
  }
}
