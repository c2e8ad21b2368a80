import { dayInProvince, writeMoment, writeTime } from '$shared/i18n/wording'
import type { TicketFields } from '$shared/token/ticket_token'
import type { ScanResult } from '../api'
import type { GatePack } from '../pack/gate_pack'
import type { Device } from '../storage'
import type { AloneVerdict } from './judge_alone'

const GUARD = 'vi'

/** The server refused because everybody of this ticket is inside. */
export function isUsedUp({ outcome, ticket }: ScanResult): boolean {
  const isOfUse = outcome === 'already_admitted' || outcome === 'party_exhausted'
  return isOfUse && ticket?.left === 0
}

/** The verdict of a gate that is alone, in the words of the server. */
export function aloud(
  scanId: string,
  verdict: AloneVerdict,
  { pack, device, visitor }: { pack: GatePack; device: Device; visitor: string },
): ScanResult {
  const { decision, inside, fields } = verdict
  const first = inside.firstAt === null ? null : firstOf(inside.firstAt, verdict, pack, device)
  const told = decision.colour === 'green' ? null : first
  return {
    scan_id: scanId,
    outcome: decision.outcome,
    admitted_people: decision.people,
    first_admission: told,
    ticket: fields && ticketOf(fields, verdict, pack),
    message: {
      vi: sentence(pack, GUARD, verdict, first),
      visitor: sentence(pack, visitor, verdict, first),
      visitor_language: visitor,
    },
  } as ScanResult
}

type First = NonNullable<ScanResult['first_admission']>

function firstOf(at: number, { inside }: AloneVerdict, pack: GatePack, device: Device): First {
  const gates = pack.places.flatMap((place) => place.gates)
  const gate = gates.find((one) => one.id === inside.firstGate) ?? device.gate
  return { at: new Date(at * 1000).toISOString(), gate: { code: gate.code, name: gate.name } }
}

function ticketOf(fields: TicketFields, { decision, cancelled }: AloneVerdict, pack: GatePack) {
  const category = pack.categories.get(fields.category)
  return {
    product_id: fields.productId,
    product_name: pack.products.get(fields.productId)?.names[GUARD] ?? '',
    category: category?.code ?? '',
    category_name: category?.names[GUARD] ?? '',
    party_size: Math.max(fields.partySize - cancelled, 0),
    left: decision.left ?? 0,
    valid_from: fields.validFrom.toISOString(),
    valid_until: fields.validUntil.toISOString(),
    entry_from: null,
    entry_until: null,
  }
}

/** The sentence of an outcome in one of the languages of the pack, with its places filled. */
export function sentenceOf(
  pack: GatePack,
  language: string,
  outcome: string,
  values: Record<string, string | number>,
): string {
  const texts = pack.texts[language] ?? pack.texts['en'] ?? {}
  return (texts[outcome] ?? '').replace(/\{(\w+)\}/g, (place, name: string) =>
    String(values[name] ?? place),
  )
}

function sentence(
  pack: GatePack,
  language: string,
  { decision, fields, cancelled }: AloneVerdict,
  first: First | null,
): string {
  const values: Record<string, string | number> = {
    people: decision.people,
    left: decision.left ?? 0,
    party: Math.max((fields?.partySize ?? 0) - cancelled, 0),
  }
  if (fields) {
    values['valid_from'] = writeMoment(fields.validFrom, language)
    values['valid_until'] = writeMoment(fields.validUntil, language)
  }
  if (first) {
    values['time'] = writeTime(first.at, language)
    values['day'] = dayInProvince(first.at).split('-').reverse().join('/')
    values['gate'] = first.gate.name
  }
  return sentenceOf(pack, language, decision.outcome, values)
}
