/** What the server's page says of its tour; written by guides/api/tour_page.py. */
export interface Heard {
  stop_id: number
  number: number
  title: string
  language: string
  transcript: string
  origin: 'human' | 'synthetic' | 'reviewed'
  audio_url: string | null
}

export interface Hotspot {
  kind: 'scene' | 'stop' | 'text'
  yaw: number
  pitch: number
  scene: number | null
  title: string
  text: string
  language: string
  narration: Heard | null
}

export interface Panorama {
  base: string
  tiles: string
  levels: { columns: number; tile: number }[]
  credit: string
}

export interface Scene {
  number: number
  yaw: number
  pitch: number
  title: string
  language: string
  panorama: Panorama
  narration: Heard | null
  hotspots: Hotspot[]
}

export type Word =
  | 'zoom'
  | 'zoom_in'
  | 'zoom_out'
  | 'move'
  | 'left'
  | 'right'
  | 'up'
  | 'down'
  | 'fullscreen'
  | 'gyroscope'
  | 'no_motion'
  | 'menu'
  | 'close'
  | 'loading'
  | 'failed'
  | 'no_viewer'
  | 'look'
  | 'go'
  | 'transcript'
  | 'machine_voice'

export interface Tour {
  id: number
  scenes: Scene[]
  visits: string
  words: Record<Word, string>
}

export function radians(degrees: number): number {
  return (degrees * Math.PI) / 180
}

/** The panorama as the tiles adapter wants it: levels from coarse to fine, tiles by address. */
export function tiled(panorama: Panorama): {
  baseUrl: string
  levels: { width: number; cols: number; rows: number }[]
  tileUrl: (column: number, row: number, level: number) => string
} {
  return {
    baseUrl: panorama.base,
    levels: panorama.levels.map(({ columns, tile }) => ({
      width: columns * tile,
      cols: columns,
      rows: columns / 2,
    })),
    tileUrl: (column, row, level) =>
      panorama.tiles
        .replace('{level}', String(level))
        .replace('{column}', String(column))
        .replace('{row}', String(row)),
  }
}

/** The number of the scene that the address names, when the tour has it. */
export function sceneIn(hash: string, tour: Tour): Scene | undefined {
  const number = Number(/^#scene-(\d+)$/.exec(hash)?.[1] ?? NaN)
  return tour.scenes.find((scene) => scene.number === number)
}
