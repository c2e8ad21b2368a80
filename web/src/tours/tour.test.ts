import { expect, it } from 'vitest'
import { radians, sceneIn, tiled, type Tour } from './tour'

const panorama = {
  base: '/media/panoramas/ab/abc/base.jpg',
  tiles: '/media/panoramas/ab/abc/{level}/{column}_{row}.jpg',
  levels: [
    { columns: 4, tile: 512 },
    { columns: 8, tile: 512 },
  ],
  credit: 'A. Nhân',
}

it('names tiles and levels as they were cut', () => {
  const shown = tiled(panorama)
  expect(shown.levels).toEqual([
    { width: 2048, cols: 4, rows: 2 },
    { width: 4096, cols: 8, rows: 4 },
  ])
  expect(shown.tileUrl(3, 1, 1)).toBe('/media/panoramas/ab/abc/1/3_1.jpg')
})

it('finds the scene that an address names, and no other', () => {
  const tour = { scenes: [{ number: 1 }, { number: 12 }] } as Tour
  expect(sceneIn('#scene-12', tour)?.number).toBe(12)
  for (const hash of ['', '#scene-2', '#scene-', '#scene-1x', '#scenes']) {
    expect(sceneIn(hash, tour)).toBeUndefined()
  }
})

it('turns degrees into radians', () => {
  expect(radians(180)).toBeCloseTo(Math.PI)
})
