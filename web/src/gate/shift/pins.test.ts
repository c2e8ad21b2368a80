import { pbkdf2Sync } from 'node:crypto'
import { expect, it } from 'vitest'
import { encodeBase64url } from '$shared/token/base64url'
import type { Pin } from '../pack/gate_pack'
import { afterWrong, isPinWanted, NO_TRIES, ownerOf } from './pins'

const NOW = 1_795_309_200
const guard = pin('T4', 'guard', '482913')
const supervisor = pin('S1', 'supervisor', '735120')

it('finds whose PIN it is, and until when the shift lasts', async () => {
  expect(await ownerOf('482913', [supervisor, guard], NOW)).toEqual({
    label: 'T4',
    role: 'guard',
    until: NOW + 3600,
  })
})

it('knows no wrong PIN', async () => {
  expect(await ownerOf('482914', [guard, supervisor], NOW)).toBeNull()
})

it.each([
  ['before the shift', NOW - 3601],
  ['when it is over', NOW + 3600],
])('takes no PIN %s', async (_when, at) => {
  expect(await ownerOf('482913', [guard], at)).toBeNull()
})

it('asks for a supervisor where a guard is not enough', async () => {
  expect(await ownerOf('482913', [guard, supervisor], NOW, { supervisor: true })).toBeNull()
  const found = await ownerOf('735120', [guard, supervisor], NOW, { supervisor: true })
  expect(found?.label).toBe('S1')
})

it('wants a PIN at the hours for which guards have one, until one was given', () => {
  const shift = { label: 'T4', role: 'guard', until: NOW + 3600 }
  expect(isPinWanted([guard], null, NOW)).toBe(true)
  expect(isPinWanted([guard], shift, NOW)).toBe(false)
  expect(isPinWanted([guard], { ...shift, until: NOW }, NOW)).toBe(true)
  // A PIN for tomorrow, or one that only agrees to exceptions, stops nobody today.
  expect(isPinWanted([guard], null, NOW - 3601)).toBe(false)
  expect(isPinWanted([supervisor], null, NOW)).toBe(false)
})

it('lets nobody try all PINs', () => {
  let tries = NO_TRIES
  const waits: number[] = []
  for (let count = 0; count < 12; count++) {
    tries = afterWrong(tries, NOW)
    waits.push(Math.max(tries.blockedUntil - NOW, 0))
  }
  expect(waits).toEqual([0, 0, 0, 0, 60, 120, 240, 480, 960, 1920, 3600, 3600])
})

function pin(label: string, role: string, digits: string): Pin {
  const salt = new Uint8Array(16).fill(label.charCodeAt(0))
  return {
    id: 1,
    label,
    role,
    salt: encodeBase64url(salt),
    iterations: 1000,
    verifier: encodeBase64url(new Uint8Array(pbkdf2Sync(digits, salt, 1000, 32, 'sha256'))),
    valid_from: NOW - 3600,
    valid_until: NOW + 3600,
  }
}
