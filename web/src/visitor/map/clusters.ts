import type { FeatureCollection } from 'geojson'
import 'maplibre-gl/dist/maplibre-gl.css'
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?url'
import { Map as Drawn, setWorkerUrl, type GeoJSONSource } from 'maplibre-gl'
import type { MapPoint } from '../discovery/search.svelte'
import { BOUNDS, drawnStyle, type Colours } from './drawing'

/** One mark over the map, in pixels of its frame. */
export type Shown = { key: string; x: number; y: number } & (
  | { kind: 'place'; point: MapPoint }
  | { kind: 'cluster'; count: number; at: [number, number]; zoom: number }
)

interface Listener {
  onmoved: (marks: Shown[]) => void
  here: () => { lat: number; lon: number } | null
}

interface MapSettings {
  style_url: string | null
  credit: string
}

const CLUSTER_PIXELS = 44

/**
 * Draws the map and tells after each move which marks are where. The marks are HTML: they need
 * no font files, and a keyboard and a screen reader reach them.
 */
export async function startMap(
  frame: HTMLElement,
  { onmoved, here }: Listener,
): Promise<{ map: Drawn; credit: string }> {
  const settings = await readSettings()
  setWorkerUrl(workerUrl)
  const map = new Drawn({
    container: frame,
    style: settings.style_url ?? drawnStyle(coloursOf(frame)),
    attributionControl: false,
    dragRotate: false,
    pitchWithRotate: false,
    ...(here() ? { center: [here()!.lon, here()!.lat], zoom: 13 } : { bounds: BOUNDS }),
  })
  map.touchZoomRotate.disableRotation()
  await new Promise((loaded, failed) => {
    map.once('load', loaded)
    map.once('error', failed)
  })
  addPlaces(map)
  const tell = () => onmoved(marksOf(map))
  map.on('move', tell)
  map.on('sourcedata', ({ sourceId }) => sourceId === 'places' && tell())
  map.on('idle', tell)
  return { map, credit: settings.credit }
}

async function readSettings(): Promise<MapSettings> {
  try {
    const answer = await fetch('/map.json')
    if (answer.ok) return (await answer.json()) as MapSettings
  } catch {
    // Without network our own drawing is there.
  }
  return { style_url: null, credit: '' }
}

function coloursOf(frame: HTMLElement): Colours {
  const value = (name: string) => getComputedStyle(frame).getPropertyValue(name).trim()
  return {
    ground: value('--paper-sunk'),
    water: value('--map-water'),
    wall: value('--line'),
    park: value('--paper'),
  }
}

function addPlaces(map: Drawn): void {
  map.addSource('places', {
    type: 'geojson',
    data: asFeatures([]),
    cluster: true,
    clusterRadius: CLUSTER_PIXELS,
    clusterMaxZoom: 17,
  })
  // Nothing is drawn by it: a layer is what makes the source load its tiles.
  map.addLayer({
    id: 'places',
    type: 'circle',
    source: 'places',
    paint: { 'circle-radius': 1, 'circle-opacity': 0 },
  })
}

export function asFeatures(points: MapPoint[]): FeatureCollection {
  return {
    type: 'FeatureCollection',
    features: points.map((point) => ({
      type: 'Feature',
      geometry: { type: 'Point', coordinates: [point.lon, point.lat] },
      properties: { ...point },
    })),
  }
}

function marksOf(map: Drawn): Shown[] {
  const source = map.getSource('places') as GeoJSONSource | undefined
  if (!source) return []
  const marks = new Map<string, Shown>()
  for (const { geometry, properties } of map.querySourceFeatures('places')) {
    if (geometry.type !== 'Point') continue
    const at = geometry.coordinates as [number, number]
    const { x, y } = map.project(at)
    if (properties['cluster']) {
      const [key, count] = [
        `cluster ${properties['cluster_id']}`,
        Number(properties['point_count']),
      ]
      marks.set(key, { key, x, y, kind: 'cluster', count, at, zoom: map.getZoom() + 2 })
    } else {
      const point = properties as MapPoint
      marks.set(point.slug, { key: point.slug, x, y, kind: 'place', point })
    }
  }
  return [...marks.values()]
}
