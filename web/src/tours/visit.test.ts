import { describe, expect, it } from 'vitest'
import { madeUpId, Visit, type Told } from './visit'

function visitor(): {
  visit: Visit
  told: Told[]
  pass: (seconds: number) => void
  show: (visible: boolean) => void
} {
  let now = 1000
  let visible = true
  const told: Told[] = []
  const visit = new Visit('an-id', {
    now: () => now,
    today: () => '2026-11-22T10:00:00.000Z',
    visible: () => visible,
    send: (each) => told.push(each),
  })
  return {
    visit,
    told,
    pass: (seconds) => {
      now += seconds * 1000
      visit.looked()
    },
    show: (now) => {
      visible = now
      visit.looked()
    },
  }
}

describe('a visit', () => {
  it('is not told while no panorama was seen', () => {
    const { visit, told, pass } = visitor()
    pass(60)
    visit.tell()
    expect(told).toEqual([])
  })

  it('is told after ten seconds, then every fifteen', () => {
    const { visit, told, pass } = visitor()
    visit.saw(1)
    for (let second = 0; second < 41; second++) pass(1)
    expect(told.map((each) => each.seconds)).toEqual([10, 25, 40])
  })

  it('counts only while the page is in view', () => {
    const { visit, pass, show } = visitor()
    visit.saw(1)
    pass(5)
    show(false)
    pass(100)
    show(true)
    pass(4)
    expect(visit.seconds).toBe(9)
  })

  it('names each scene once, under one id', () => {
    const { visit, told } = visitor()
    visit.saw(2)
    visit.saw(1)
    visit.saw(2)
    visit.tell()
    expect(told).toEqual([
      {
        visit_id: 'an-id',
        started_at: '2026-11-22T10:00:00.000Z',
        seconds: 0,
        scenes: [1, 2],
      },
    ])
  })
})

it('makes up ids of the usual form, no two alike', () => {
  const ids = Array.from({ length: 50 }, madeUpId)
  expect(new Set(ids).size).toBe(50)
  for (const id of ids) {
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  }
})
