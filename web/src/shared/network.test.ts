// @vitest-environment happy-dom
import { beforeEach, expect, it, vi } from 'vitest'
import { network } from './network.svelte'

const NOON = new Date('2026-11-22T12:00:00+07:00')
const ONE = new Date('2026-11-22T13:00:00+07:00')

function phoneSays(online: boolean): void {
  vi.spyOn(navigator, 'onLine', 'get').mockReturnValue(online)
}

beforeEach(() => {
  localStorage.clear()
  phoneSays(true)
  network.offlineSince = null
})

it('is offline since the server was last heard', () => {
  network.heard(NOON)
  network.lost(ONE)
  expect(network.offlineSince).toEqual(NOON)
})

it('is offline from now on when the server was never heard', () => {
  network.lost(ONE)
  expect(network.offlineSince).toEqual(ONE)
})

it('is online again as soon as the server answers', () => {
  network.lost(NOON)
  network.heard(ONE)
  expect(network.offlineSince).toBeNull()
})

it("does not take an answer of the browser's cache for the server's", () => {
  network.heard(NOON)
  phoneSays(false)
  network.lost(ONE)
  network.heard(ONE)
  expect(network.offlineSince).toEqual(NOON)
})
