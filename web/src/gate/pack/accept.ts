import { sha256, toHex, utf8 } from '$shared/judging/bytes'
import { isSignedBy, type Signed, type Trust } from '$shared/judging/trust'
import { trustOf, type Part } from './gate_pack'

export interface Manifest {
  format: number
  number: number
  made_at: number
  site: { bit: number; slug: string }
  parts: { number: number; name: string; base: boolean; sha256: string; bytes: number }[]
}

export interface PackAnswer {
  number: number
  manifest: Signed
  parts: { number: number; name: string; text: string }[]
  credential: Signed
}

export interface HeldBefore {
  number: number
  trustNumber: number
  parts: readonly Part[]
}

/**
 * Why a pack was not taken. `incomplete`: parts that this phone should have are gone, so
 * everything is fetched anew.
 */
export type PackRefusal = 'untrusted' | 'forged' | 'older' | 'newer_format' | 'incomplete'

export type Accepted =
  | { ok: true; manifest: Manifest; trust: Trust; parts: Part[] }
  | { ok: false; refusal: PackRefusal }

const FORMAT = 1

/** Takes a pack only when the root's list of keys, the signed list of parts and each part hold. */
export async function accept(
  answer: PackAnswer,
  before: HeldBefore | null,
  root: string,
): Promise<Accepted> {
  const manifest = JSON.parse(answer.manifest.text) as Manifest
  const parts = collect(manifest, answer, before)
  if (!parts) return refuse('incomplete')
  const trust = await trustOf(parts, root)
  if (!trust) return refuse('untrusted')
  if (!(await isSignedBy(trust.listKeys, 'pack', answer.manifest))) return refuse('forged')
  if (manifest.format !== FORMAT) return refuse('newer_format')
  if (before && (trust.number < before.trustNumber || manifest.number < before.number))
    return refuse('older')
  if (!(await areWhole(manifest, parts))) return refuse('forged')
  return { ok: true, manifest, trust, parts }
}

function refuse(refusal: PackRefusal): Accepted {
  return { ok: false, refusal }
}

/** Every listed part, from the answer or from what is held; null when one is in neither. */
function collect(manifest: Manifest, answer: PackAnswer, before: HeldBefore | null): Part[] | null {
  const texts = new Map(before?.parts.map((part) => [part.number, part.text]))
  for (const part of answer.parts) texts.set(part.number, part.text)
  const parts: Part[] = []
  for (const { number, name, base } of manifest.parts) {
    const text = texts.get(number)
    if (text === undefined) return null
    parts.push({ number, name, base, text })
  }
  return parts
}

async function areWhole(manifest: Manifest, parts: readonly Part[]): Promise<boolean> {
  const digests = await Promise.all(parts.map((part) => sha256(utf8(part.text))))
  return digests.every((digest, at) => toHex(digest) === manifest.parts[at]!.sha256)
}

/** Until when this phone may judge by itself; null for a text that no device key signed. */
export async function credentialUntil(
  credential: Signed | null,
  trust: Trust,
): Promise<number | null> {
  if (!credential || !(await isSignedBy(trust.deviceKeys, 'device', credential))) return null
  return (JSON.parse(credential.text) as { expires_at: number }).expires_at
}
