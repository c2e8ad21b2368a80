import type { SiteDetail } from '../api'

export interface Plan {
  width: number
  height: number
  /** The entrances joined around their middle: how the place lies, not where its walls are. */
  outline: string
  gates: { name: string; x: number; y: number; anchor: 'start' | 'middle' | 'end' }[]
}

const WIDTH = 360
const MARGIN = 48
const TALLEST = 300

type Place = Pick<SiteDetail, 'photos' | 'gates'>

/** A drawn plan for a place without a photo; null where fewer than three entrances are known. */
export function planOf({ photos, gates }: Place): Plan | null {
  const known = gates.flatMap((gate) => (gate.location ? [{ ...gate.location, ...gate }] : []))
  if (photos.length > 0 || known.length < 3) return null
  const [west, east] = ends(known.map(({ lon }) => lon))
  const [south, north] = ends(known.map(({ lat }) => lat))
  // A degree of longitude is shorter than one of latitude.
  const squeeze = Math.cos(((south + north) / 2) * (Math.PI / 180))
  const across = Math.max((east - west) * squeeze, 1e-6)
  const up = Math.max(north - south, 1e-6)
  const scale = Math.min((WIDTH - 2 * MARGIN) / across, (TALLEST - 2 * MARGIN) / up)
  const middle = (WIDTH - across * scale) / 2
  const placed = known.map(({ name, lat, lon }) => {
    const x = Math.round(middle + (lon - west) * squeeze * scale)
    return { name, x, y: Math.round(MARGIN + (north - lat) * scale), anchor: anchorAt(x) }
  })
  return {
    width: WIDTH,
    height: Math.round(up * scale + 2 * MARGIN),
    outline: around(placed)
      .map(({ x, y }) => `${x},${y}`)
      .join(' '),
    gates: placed,
  }
}

function ends(values: number[]): [number, number] {
  return [Math.min(...values), Math.max(...values)]
}

/** Names at the edges grow inwards. */
function anchorAt(x: number): 'start' | 'middle' | 'end' {
  if (x < WIDTH / 3) return 'start'
  return x > (WIDTH * 2) / 3 ? 'end' : 'middle'
}

function around<P extends { x: number; y: number }>(points: P[]): P[] {
  const [cx, cy] = [mean(points.map(({ x }) => x)), mean(points.map(({ y }) => y))]
  const angle = ({ x, y }: P) => Math.atan2(y - cy, x - cx)
  return [...points].sort((a, b) => angle(a) - angle(b))
}

function mean(values: number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
