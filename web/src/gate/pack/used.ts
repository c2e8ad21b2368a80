import { keyOf } from '../alone/entries'
import type { UsedRecord } from './gate_pack'

const RECORD_BYTES = 24

/** Entries that count at this site, as the server packs them: 24 bytes each, big-endian. */
export function readUsed(bytes: Uint8Array, part: number): Map<string, UsedRecord> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const records = new Map<string, UsedRecord>()
  for (let at = 0; at + RECORD_BYTES <= bytes.length; at += RECORD_BYTES) {
    const record = {
      ticketId: view.getBigUint64(at).toString(16).padStart(16, '0'),
      site: view.getUint8(at + 8),
      day: view.getUint16(at + 9),
      people: view.getUint8(at + 11),
      first: view.getUint32(at + 12),
      last: view.getUint32(at + 16),
      gate: view.getUint32(at + 20),
      part,
    }
    const key = keyOf(record.ticketId, record)
    const known = records.get(key)
    // Records of one part stand in no order of time: the later entry is the newer word.
    if (!known || record.last >= known.last) records.set(key, record)
  }
  return records
}
