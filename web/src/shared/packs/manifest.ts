import type { components } from '$shared/api/schema'

/** What the server says of a pack: `GET /api/v1/guides/{id}/pack`. */
export type Manifest = components['schemas']['GuidePackOut']
export type PackFile = components['schemas']['PackFileOut']

/** Which pack: a guide in one language and quality. */
export interface PackKey {
  guide: number
  language: string
  quality: 'low' | 'high'
  format: 'mp3' | 'opus'
}

/** A pack that this phone holds, or is fetching. */
export interface HeldPack {
  id: string
  key: PackKey
  /** The version that is here whole; null while the first download is under way. */
  version: string | null
  files: PackFile[]
  /** What is being fetched in its place: the old version stays usable until all of it is here. */
  next: { version: string; files: PackFile[] } | null
  /** Wall clock of the last time that the server said what the newest version is. */
  checkedAt: number
}

/** What a download would cost, known before it begins. */
export interface Plan {
  pack: HeldPack
  /** Bytes of the whole pack, and of those that still have to travel. */
  bytes: number
  missingBytes: number
  upToDate: boolean
}

export function idOf(key: PackKey): string {
  return [key.guide, key.language, key.quality, key.format].join('/')
}

/** Each content once, however many stops share it. */
export function distinct(files: readonly PackFile[]): PackFile[] {
  return [...new Map(files.map((file) => [file.sha256, file])).values()]
}

export function bytesOf(files: readonly PackFile[]): number {
  return distinct(files).reduce((sum, file) => sum + file.bytes, 0)
}

/** The files of the newest version, from those that are held and an answer to `since`. */
export function merged(held: readonly PackFile[], answer: Manifest): PackFile[] {
  if (answer.since === null) return answer.files
  const removed = new Set(answer.removed)
  const changed = new Set(answer.files.map((file) => file.sha256))
  const kept = held.filter((file) => !removed.has(file.sha256) && !changed.has(file.sha256))
  return [...kept, ...answer.files]
}
