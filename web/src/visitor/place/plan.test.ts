import { expect, it } from 'vitest'
import { planOf } from './plan'

type Place = Parameters<typeof planOf>[0]

function place(points: [number, number][], photos = 0): Place {
  return {
    photos: Array.from({ length: photos }, () => ({})),
    gates: points.map(([lat, lon], number) => ({ name: `gate ${number}`, location: { lat, lon } })),
  } as unknown as Place
}

const SQUARE: [number, number][] = [
  [16.4677, 107.5792],
  [16.4708, 107.5806],
  [16.4673, 107.5757],
  [16.4721, 107.5763],
]

it('draws the entrances as they lie, north above, all inside the frame', () => {
  const plan = planOf(place(SQUARE))!
  const [south, east, west, north] = plan.gates
  expect(north!.y).toBeLessThan(south!.y)
  expect(west!.x).toBeLessThan(east!.x)
  for (const { x, y } of plan.gates) {
    expect(x).toBeGreaterThanOrEqual(0)
    expect(x).toBeLessThanOrEqual(plan.width)
    expect(y).toBeLessThanOrEqual(plan.height)
  }
  expect(plan.outline.split(' ')).toHaveLength(4)
})

it('draws nothing where a photo is, or where too little is known', () => {
  expect(planOf(place(SQUARE, 1))).toBeNull()
  expect(planOf(place(SQUARE.slice(0, 2)))).toBeNull()
})
