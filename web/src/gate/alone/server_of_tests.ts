import * as ed25519 from '@noble/ed25519'
import { sha256, toHex, utf8 } from '$shared/judging/bytes'
import type { Signed } from '$shared/judging/trust'
import { encodeBase45 } from '$shared/token/base45'
import { encodeBase64url } from '$shared/token/base64url'
import type { BatchAnswer, Condition, FetchedPack, Heard } from '../api'
import type { PackAnswer } from '../pack/accept'
import type { Device, WaitingEvent } from '../storage'
import type { Answer } from '$shared/api/answer'

/** A small server for unit tests: it signs packs and tickets, and takes queues. */

export const NOW = 1_795_309_200
const DAY = 86_400
const ROOT = new Uint8Array(32).fill(1)
const LIST = new Uint8Array(32).fill(2)
const DEVICE = new Uint8Array(32).fill(3)
const TICKETS = new Uint8Array(32).fill(4)
const KID = 7

export async function publicKey(seed: Uint8Array): Promise<string> {
  return toHex(await ed25519.getPublicKeyAsync(seed))
}

export async function deviceOf(): Promise<Device> {
  return {
    token: 'token',
    gate: { id: 1, code: 'ngo-mon', name: 'Ngọ Môn' },
    site: { slug: 'dai-noi', name: 'Đại Nội' },
    trustRoot: await publicKey(ROOT),
  }
}

export async function sign(domain: string, text: string, seed: Uint8Array): Promise<Signed> {
  const message = utf8(`HUE-${domain}\0v1\0${text}`)
  return { text, signature: encodeBase64url(await ed25519.signAsync(message, seed)) }
}

interface PackWishes {
  number?: number
  trustNumber?: number
  sold?: string[]
  revoked?: [string, string, number][]
  used?: string
  root?: Uint8Array
  listSeed?: Uint8Array
  expiresAt?: number
  document?: boolean
}

/** A whole pack with one product at one site. */
export async function packAnswer(wishes: PackWishes = {}): Promise<PackAnswer> {
  const number = wishes.number ?? 100
  const texts: Record<string, string> = {
    trust: JSON.stringify(await trustOf(wishes)),
    texts: JSON.stringify({
      languages: {
        vi: { admitted: 'Mời vào. Số người: {people}.', already_admitted: '{time} {gate}' },
        en: { admitted: 'Welcome. People admitted: {people}.', already_admitted: '{time} {gate}' },
      },
    }),
    places: JSON.stringify({
      sites: [
        { bit: 0, slug: 'dai-noi', names: {}, gates: [{ id: 2, code: 'b', name: 'Cổng B' }] },
      ],
    }),
    products: JSON.stringify({
      products: [{ id: 300, names: { vi: 'Đại Nội' }, rule: null }],
      categories: [
        { number: 1, code: 'adult', needs_document: wishes.document ?? false, names: {} },
      ],
    }),
    sold: JSON.stringify({ made_at: NOW - 60, until: NOW + DAY, ...codedIds(wishes.sold ?? []) }),
    revoked: JSON.stringify({ plain: wishes.revoked ?? [] }),
    used: JSON.stringify({ records: wishes.used ?? '' }),
  }
  const parts = Object.entries(texts).map(([name, text], at) => ({
    number: number - 10 + at,
    name,
    text,
  }))
  const manifest = {
    format: 1,
    number,
    made_at: NOW,
    site: { bit: 0, slug: 'dai-noi' },
    parts: await Promise.all(
      parts.map(async (part) => ({
        number: part.number,
        name: part.name,
        base: true,
        sha256: toHex(await sha256(utf8(part.text))),
        bytes: utf8(part.text).length,
      })),
    ),
  }
  return {
    number,
    manifest: await sign('PACK', JSON.stringify(manifest), wishes.listSeed ?? LIST),
    parts,
    credential: await sign('DEVICE', JSON.stringify({ expires_at: NOW + DAY / 2 }), DEVICE),
  }
}

async function trustOf(wishes: PackWishes): Promise<Signed> {
  const text = {
    number: wishes.trustNumber ?? 1,
    expires_at: wishes.expiresAt ?? NOW + 30 * DAY,
    ticket_keys: [
      {
        kid: KID,
        public_key: await publicKey(TICKETS),
        issues_from: NOW - 20 * DAY,
        issues_until: NOW + 10 * DAY,
        cut_off_at: null,
        known_ids_only: false,
      },
    ],
    list_keys: [{ public_key: await publicKey(LIST) }],
    device_keys: [{ public_key: await publicKey(DEVICE) }],
  }
  return sign('TRUST', JSON.stringify(text), wishes.root ?? ROOT)
}

/** Rice-coded with no low bits saved: 63 of them for each id. */
function codedIds(ids: string[]): { count: number; low: number; ids: string } {
  const low = 60
  let before = 0n
  let bits = ''
  for (const id of ids.map((one) => BigInt(`0x${one}`)).sort((a, b) => (a < b ? -1 : 1))) {
    const difference = id - before
    bits += '1'.repeat(Number(difference >> BigInt(low))) + '0'
    bits += (difference & ((1n << BigInt(low)) - 1n)).toString(2).padStart(low, '0')
    before = id
  }
  const bytes = (bits.match(/.{1,8}/g) ?? []).map((byte) => parseInt(byte.padEnd(8, '0'), 2))
  return { count: ids.length, low, ids: btoa(String.fromCharCode(...bytes)) }
}

export async function ticket(id: string, { party = 1, policy = 1 } = {}): Promise<string> {
  const body = new Uint8Array(34)
  const view = new DataView(body.buffer)
  const minutes = (at: number): number => Math.floor((at - Date.UTC(2025, 0, 1) / 1000) / 60)
  const put24 = (offset: number, value: number): void => {
    view.setUint8(offset, value >> 16)
    view.setUint16(offset + 1, value & 0xffff)
  }
  body[0] = 0x10
  view.setUint16(1, KID)
  view.setBigUint64(3, BigInt(`0x${id}`))
  put24(11, 300)
  view.setUint32(14, 1)
  put24(18, minutes(NOW - DAY / 2))
  put24(21, minutes(NOW + DAY / 2))
  body[24] = 1
  body[25] = party
  body[26] = policy
  put24(27, minutes(NOW - DAY))
  const domain = utf8('HUE-TICKET\0v1\0')
  const signature = await ed25519.signAsync(new Uint8Array([...domain, ...body]), TICKETS)
  return `HUE1:${encodeBase45(new Uint8Array([...body, ...signature]))}`
}

/** 24 bytes of an entry, as the lists have it. */
export function usedRecord(id: string, people: number, at: number, gate = 2): string {
  const bytes = new Uint8Array(24)
  const view = new DataView(bytes.buffer)
  view.setBigUint64(0, BigInt(`0x${id}`))
  view.setUint8(8, 0)
  view.setUint8(11, people)
  view.setUint32(12, at)
  view.setUint32(16, at)
  view.setUint32(20, gate)
  return btoa(String.fromCharCode(...bytes))
}

/** The server of a test: what it answers, and what it was told. */
export class FakeLine {
  isThere = true
  pack: PackAnswer | null = null
  serverAt = NOW * 1000
  packNumber = 100
  codeSearch = false
  told: WaitingEvent['told'][] = []
  batches = 0
  /** Tokens of the devices that told. */
  tellers: string[] = []
  results: (event: WaitingEvent, index: number) => BatchAnswer['results'][number] = (
    event,
    index,
  ) => ({ index, scan_id: event.told.scan_id, status: 'stored' }) as never
  asked: number[] = []
  conditions: Condition[] = []
  losesAnswers = false

  fetchPack = async (_: Device, since: number): Promise<Answer<FetchedPack>> => {
    this.asked.push(since)
    return this.#answer({ etag: 'e', pack: this.pack })
  }

  heartbeat = async (device: Device, condition: Condition): Promise<Answer<Heard>> => {
    this.conditions.push(condition)
    const { gate, site } = device
    const credential = await sign('DEVICE', JSON.stringify({ expires_at: NOW + DAY / 2 }), DEVICE)
    return this.#answer({
      server_at: new Date(this.serverAt).toISOString(),
      pack_number: this.packNumber,
      gate,
      site,
      credential,
      code_search: this.codeSearch,
    })
  }

  tellBatch = async (
    device: Device,
    events: readonly WaitingEvent[],
    condition: Condition,
  ): Promise<Answer<BatchAnswer>> => {
    if (!this.isThere) return { ok: false, failure: { kind: 'offline' } }
    this.batches++
    this.tellers.push(device.token)
    this.conditions.push(condition)
    this.told.push(...events.map((event) => event.told))
    if (this.losesAnswers) return { ok: false, failure: { kind: 'slow' } }
    return this.#answer({
      results: events.map(this.results),
      server_at: new Date(this.serverAt).toISOString(),
      pack_number: this.packNumber,
    })
  }

  #answer<T>(data: T): Answer<T> {
    return this.isThere ? { ok: true, data } : { ok: false, failure: { kind: 'offline' } }
  }
}
