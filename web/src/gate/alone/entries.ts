import { midnightBefore, VIETNAM_OFFSET } from '$shared/judging/pass_rules'
import type { GatePack, UsedRecord } from '../pack/gate_pack'

/** People whom this phone let in, under the count that the entry policy says. */
export interface Entry {
  scanId: string
  ticketId: string
  /** Bit of the site, or 255: nowhere in particular. */
  site: number
  /** Days since 2025-01-01 in Việt Nam, 0: any day. */
  day: number
  /** Fewer than none takes back what the lists already count. */
  people: number
  at: number
  /** Judged by the server: then it counts it from that moment. */
  online: boolean
  /** The newest pack when the server took it: what comes after that counts it. */
  told: number | null
  /** The lists count it, so it must not be counted twice. */
  merged?: boolean
  undone?: boolean
  /** Another gate let them in, by its id: the server said so before the lists did. */
  elsewhere?: number | null
}

export const ANYWHERE = 255
const DAY = 86_400
const FIRST_DAY = Date.UTC(2025, 0, 1) / 1000 / DAY
const ONCE = 0
const ONCE_PER_SITE_PER_DAY = 2
/** The clock of this phone and the server's may differ by so much. */
const CLOCK_DOUBT = 3

export interface Bucket {
  site: number
  day: number
}

/** What one count of people belongs to under the entry policy. */
export function bucketOf(policy: number, site: number, at: number): Bucket {
  return {
    site: policy === ONCE ? ANYWHERE : site,
    day: policy === ONCE_PER_SITE_PER_DAY ? dayNumber(at) : 0,
  }
}

export function dayNumber(at: number): number {
  return Math.floor((at + VIETNAM_OFFSET) / DAY) - FIRST_DAY
}

export function keyOf(ticketId: string, { site, day }: Bucket): string {
  return `${ticketId}/${site}/${day}`
}

/** True when the lists count this entry already. */
export function isCounted(entry: Entry, record: UsedRecord | undefined): boolean {
  if (entry.merged) return true
  if (!record) return false
  if (entry.told !== null) return record.part > entry.told
  return entry.online && record.last >= entry.at - CLOCK_DOUBT
}

/** True for what this phone let in, and may take back. */
export function isOwn(entry: Entry): boolean {
  return entry.elsewhere === undefined
}

/** People whom this phone let in and the lists do not count yet. */
export function ownPeopleSince(since: number, entries: readonly Entry[], pack: GatePack): number {
  return entries
    .filter((entry) => isOwn(entry) && entry.at >= since)
    .filter((entry) => !isCounted(entry, pack.used(keyOf(entry.ticketId, entry))))
    .reduce((sum, entry) => sum + entry.people, 0)
}

/** Entries that no list needs any more: yesterday's, once the server has them. */
export function outlived(entries: Iterable<Entry>, at: number): string[] {
  const midnight = midnightBefore(at)
  return [...entries]
    .filter((entry) => (entry.merged || entry.undone || !isOwn(entry)) && entry.at < midnight - DAY)
    .map((entry) => entry.scanId)
}
