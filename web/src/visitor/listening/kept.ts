import { Packs } from '$shared/packs/packs'
import type { HeldPack } from '$shared/packs/manifest'
import type { Guide, GuideStop } from '../api'

/** The guides that this phone took along. */
export const packs = new Packs()

/** Every pack of a guide that is here whole; none where the phone refuses storage. */
export async function wholePacks(guide: number): Promise<HeldPack[]> {
  const held = await packs.held().catch(() => [])
  return held.filter((pack) => pack.key.guide === guide && pack.version !== null)
}

/** The guide as a pack tells it; null when the phone has lost a part of it. */
export async function guideOf(pack: HeldPack): Promise<Guide | null> {
  const card = await packs.document<Omit<Guide, 'stops'>>(pack, 0)
  const numbers = pack.files.filter(({ kind }) => kind === 'stop').map(({ stop }) => stop)
  const found = await Promise.all(numbers.map((stop) => packs.document<GuideStop>(pack, stop)))
  const stops = found.filter((stop) => stop !== null)
  if (!card || stops.length < numbers.length) return null
  return { ...card, stops: stops.sort((one, other) => one.number - other.number) }
}

/** A file that can be shown or played: from the phone where it lies there, else by the network. */
export interface Source {
  src: string
  /** Whether it needs no network. */
  kept: boolean
  /** Gives the memory of a kept file back. */
  release: () => void
}

/** Of several contents that would do, the first that is on the phone, else the address. */
export async function sourceOf(contents: readonly string[], url: string): Promise<Source> {
  for (const sha256 of contents) {
    const kept = await packs.file(sha256).catch(() => null)
    if (!kept) continue
    // A whole file: a player asks for parts of it, and finds them without a server.
    const src = URL.createObjectURL(kept)
    return { src, kept: true, release: () => URL.revokeObjectURL(src) }
  }
  return { src: url, kept: false, release: () => {} }
}
