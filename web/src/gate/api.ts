import { ask, type Answer } from '$shared/api/answer'
import { createApi, type Schemas } from '$shared/api/client'
import type { Device, Unanswered } from './storage'
import { words } from './words'

export type ScanResult = Schemas['ScanOut']

/** A visitor waits in the sun: better a second try than a long silence. */
const PATIENCE_MS = 3_000

const api = createApi(() => words.language)

export function enrol(code: string, name: string): Promise<Answer<Schemas['EnrolledOut']>> {
  return ask(api.POST('/api/v1/gate/enrolments', { body: { code, name } }))
}

export function judge(scan: Unanswered, device: Device): Promise<Answer<ScanResult>> {
  return ask(
    api.POST('/api/v1/gate/scans', {
      headers: { Authorization: `Bearer ${device.token}` },
      signal: AbortSignal.timeout(PATIENCE_MS),
      body: {
        scan_id: scan.scanId,
        token: scan.text,
        scanned_at: scan.scannedAt,
        people: scan.people,
        document_seen: scan.documentSeen,
      },
    }),
  )
}
