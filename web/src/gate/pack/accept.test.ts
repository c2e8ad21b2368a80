import { beforeAll, expect, it } from 'vitest'
import { deviceOf, NOW, packAnswer } from '../alone/server_of_tests'
import { accept, credentialUntil, type HeldBefore, type PackAnswer } from './accept'
import { GatePack } from './gate_pack'

const STRANGER = new Uint8Array(32).fill(9)
let root: string
let good: PackAnswer
let held: HeldBefore

beforeAll(async () => {
  root = (await deviceOf()).trustRoot!
  good = await packAnswer()
  const taken = await accept(good, null, root)
  if (!taken.ok) throw new Error(taken.refusal)
  held = { number: 100, trustNumber: 1, parts: taken.parts }
})

it('takes a pack whose every signature and part holds', async () => {
  const taken = await accept(good, null, root)
  expect(taken).toMatchObject({ ok: true, manifest: { number: 100 } })
})

it.each<[string, () => Promise<PackAnswer>, string]>([
  ['a stranger signed the keys', () => packAnswer({ root: STRANGER }), 'untrusted'],
  ['a stranger signed the list of parts', () => packAnswer({ listSeed: STRANGER }), 'forged'],
  [
    'the keys are older than those held',
    () => packAnswer({ number: 110, trustNumber: 0 }),
    'older',
  ],
  ['it is older than the one held', () => packAnswer({ number: 90 }), 'older'],
])('refuses a pack when %s', async (_why, make, refusal) => {
  expect(await accept(await make(), held, root)).toEqual({ ok: false, refusal })
})

it('refuses a pack with one part changed on the way', async () => {
  const changed = structuredClone(good)
  const texts = changed.parts.find((part) => part.name === 'texts')!
  texts.text = texts.text.replace('Mời vào', 'Mời về')
  expect(await accept(changed, null, root)).toEqual({ ok: false, refusal: 'forged' })
})

it('takes what it holds together with what is new', async () => {
  const delta = { ...good, parts: [] }
  expect(await accept(delta, held, root)).toMatchObject({ ok: true })
  expect(await accept(delta, null, root)).toEqual({ ok: false, refusal: 'incomplete' })
})

it('believes a credential of the device key alone', async () => {
  const pack = await GatePack.open(JSON.parse(good.manifest.text), held.parts, root)
  expect(await credentialUntil(good.credential, pack!.trust)).toBe(NOW + 43_200)
  expect(await credentialUntil(good.manifest, pack!.trust)).toBeNull()
  expect(await credentialUntil(null, pack!.trust)).toBeNull()
})
