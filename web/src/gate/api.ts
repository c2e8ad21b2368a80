import { ask, type Answer } from '$shared/api/answer'
import { createApi, type Schemas } from '$shared/api/client'
import type { Device, Unanswered, WaitingEvent } from './storage'
import type { PackAnswer } from './pack/accept'
import { words } from './words'

export type ScanResult = Schemas['ScanOut']

/** One scan of a batch, or the undoing of one; the server reads each by itself. */
export interface ToldScan {
  scan_id: string
  sequence: number
  kind?: 'scan' | 'undo'
  token?: string
  gate: string
  mode: 'isolated' | 'typed'
  outcome?: ScanResult['outcome']
  people?: number
  reason?: string
  confirmed_by?: '' | 'guard' | 'supervisor'
  document_seen?: boolean
  operator: string
  undoes?: string
  scanned_at: string
  offset_ms: number
  pack_number: number
}

export type BatchAnswer = Schemas['BatchOut']
export type Heard = Schemas['HeartbeatOut']

/** A visitor waits in the sun: better a second try than a long silence. */
const PATIENCE_MS = 3_000
/** A phone that can judge alone waits no longer than a visitor takes for a step. */
export const PATIENCE_WHEN_ALONE_MS = 800
const PATIENCE_FOR_LISTS_MS = 60_000

const api = createApi(() => words.language)

/** How the phone is, told with every upload. */
export interface Condition {
  device_at: string
  pack_number: number | null
  battery: number | null
  waiting: number
  app: string
}

export function enrol(code: string, name: string): Promise<Answer<Schemas['EnrolledOut']>> {
  return ask(api.POST('/api/v1/gate/enrolments', { body: { code, name } }))
}

export function judge(
  scan: Unanswered,
  device: Device,
  patienceMs = PATIENCE_MS,
): Promise<Answer<ScanResult>> {
  return ask(
    api.POST('/api/v1/gate/scans', {
      headers: as(device),
      signal: AbortSignal.timeout(patienceMs),
      body: {
        scan_id: scan.scanId,
        token: scan.text,
        scanned_at: scan.scannedAt,
        people: scan.people,
        document_seen: scan.documentSeen === true,
        typed: scan.typed === true,
      },
    }),
  )
}

/** The ticket whose short code the guard typed; nobody is let in by that. */
export function findCode(device: Device, code: string): Promise<Answer<{ token: string }>> {
  return ask(
    api.POST('/api/v1/gate/codes', {
      headers: as(device),
      signal: AbortSignal.timeout(PATIENCE_MS),
      body: { code },
    }),
  )
}

export interface FetchedPack {
  etag: string | null
  /** Null: what the phone holds is the newest. */
  pack: PackAnswer | null
}

export async function fetchPack(
  device: Device,
  since: number,
  etag: string | null,
): Promise<Answer<FetchedPack>> {
  const fetched = fetch(`/api/v1/gate/pack?since=${since}`, {
    headers: { ...as(device), ...(etag ? { 'If-None-Match': etag } : {}) },
    signal: AbortSignal.timeout(PATIENCE_FOR_LISTS_MS),
  })
  return ask(fetched.then(readPack))
}

async function readPack(response: Response) {
  if (response.status === 304) {
    const same: FetchedPack = { etag: null, pack: null }
    return { data: same, response: new Response(null, { status: 200 }) }
  }
  if (!response.ok) return { error: (await response.json()) as unknown, response }
  const pack = (await response.json()) as PackAnswer
  return { data: { etag: response.headers.get('ETag'), pack }, response }
}

export function heartbeat(device: Device, condition: Condition): Promise<Answer<Heard>> {
  return ask(
    api.POST('/api/v1/gate/heartbeat', {
      headers: as(device),
      signal: AbortSignal.timeout(PATIENCE_MS),
      body: condition,
    }),
  )
}

export function tellBatch(
  device: Device,
  events: readonly WaitingEvent[],
  condition: Condition,
): Promise<Answer<BatchAnswer>> {
  return ask(
    api.POST('/api/v1/gate/scans/batch', {
      headers: as(device),
      body: { ...condition, scans: events.map((event) => event.told) },
    }),
  )
}

export function takeSeat(
  device: Device,
  site: string,
  gate: string,
): Promise<Answer<Schemas['SeatOut']>> {
  return ask(api.POST('/api/v1/gate/seat', { headers: as(device), body: { site, gate } }))
}

function as(device: Device): { Authorization: string } {
  return { Authorization: `Bearer ${device.token}` }
}
