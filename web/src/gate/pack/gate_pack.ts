import { fromBase64 } from '$shared/judging/bytes'
import type { Rule } from '$shared/judging/facts'
import { readList, seemsRevoked, type RevocationSet } from '$shared/judging/revocations'
import { decodeIds, type CodedIds } from '$shared/judging/rice_sets'
import { readTrust, type Signed, type Trust } from '$shared/judging/trust'
import { readUsed } from './used'

export interface Part {
  number: number
  name: string
  base: boolean
  text: string
}

/** People inside by one ticket, at one site, on one day, as the server counted them. */
export interface UsedRecord {
  ticketId: string
  site: number
  day: number
  people: number
  first: number
  last: number
  gate: number
  /** The part that says so. */
  part: number
}

export type Names = Record<string, string>

export interface Product {
  id: number
  names: Names
  rule: Rule | null
}

export interface Category {
  number: number
  code: string
  needs_document: boolean
  names: Names
}

export interface Place {
  bit: number
  slug: string
  names: Names
  gates: { id: number; code: string; name: string }[]
}

export interface Pin {
  id: number
  label: string
  role: string
  salt: string
  iterations: number
  verifier: string
  valid_from: number
  valid_until: number
}

interface EntryWindow {
  entryFrom: number
  entryUntil: number
  count: number
  ids: ReadonlySet<string>
}

interface Sold {
  madeAt: number
  until: number
  ids: ReadonlySet<string>
}

interface Revoked {
  set: RevocationSet | null
  plain: [id: string, reason: string, people: number][]
}

export type Revocation = 'no' | 'maybe' | 'revoked' | 'cancelled' | 'unpaid'

/** The parts of a pack, opened. What was opened before is taken over: parts are never edited. */
export class GatePack {
  readonly number: number
  readonly site: { bit: number; slug: string }
  readonly parts: readonly Part[]
  readonly trust: Trust
  readonly texts: Record<string, Record<string, string>>
  readonly places: readonly Place[]
  readonly products: ReadonlyMap<number, Product>
  readonly categories: ReadonlyMap<number, Category>
  readonly windows: readonly EntryWindow[]
  readonly pins: readonly Pin[]
  readonly soldAt: number
  readonly soldUntil: number
  readonly #opened: ReadonlyMap<number, unknown>
  readonly #sold: readonly Sold[]
  readonly #revoked: readonly Revoked[]
  readonly #used: readonly ReadonlyMap<string, UsedRecord>[]
  #peopleSince: { since: number; people: number } | null = null

  private constructor(
    manifest: { number: number; site: { bit: number; slug: string } },
    parts: readonly Part[],
    trust: Trust,
    opened: ReadonlyMap<number, unknown>,
  ) {
    this.number = manifest.number
    this.site = manifest.site
    this.parts = parts
    this.trust = trust
    this.#opened = opened
    const all = <T>(name: string): T[] =>
      parts.filter((part) => part.name === name).map((part) => opened.get(part.number) as T)
    const one = <T>(name: string): T | undefined => all<T>(name).at(-1)
    const sale = one<{ products: Product[]; categories: Category[] }>('products')
    this.texts = one<{ languages: Record<string, Names> }>('texts')?.languages ?? {}
    this.places = one<{ sites: Place[] }>('places')?.sites ?? []
    this.products = new Map(sale?.products.map((product) => [product.id, product]))
    this.categories = new Map(sale?.categories.map((category) => [category.number, category]))
    this.windows = one<EntryWindow[]>('windows') ?? []
    this.pins = one<{ pins: Pin[] }>('staff')?.pins ?? []
    this.#sold = all<Sold>('sold')
    this.soldAt = this.#sold.at(-1)?.madeAt ?? 0
    this.soldUntil = this.#sold[0]?.until ?? 0
    this.#revoked = all<Revoked>('revoked')
    this.#used = all<ReadonlyMap<string, UsedRecord>>('used')
  }

  /** Opens parts whose signatures were checked. Null when the root signed no list of keys. */
  static async open(
    manifest: { number: number; site: { bit: number; slug: string } },
    parts: readonly Part[],
    root: string,
    before: GatePack | null = null,
  ): Promise<GatePack | null> {
    const trust = await trustOf(parts, root)
    if (!trust) return null
    const opened = new Map<number, unknown>()
    for (const part of parts) {
      const known = before ? before.#opened.get(part.number) : undefined
      opened.set(part.number, known ?? (await openPart(part, trust)))
    }
    return new GatePack(manifest, parts, trust, opened)
  }

  isSold(ticketId: string): boolean {
    return this.#sold.some((part) => part.ids.has(ticketId))
  }

  async revocation(ticketId: string): Promise<{ revoked: Revocation; cancelled: number }> {
    const said = this.#revoked.flatMap((part) => part.plain.filter(([id]) => id === ticketId))
    const whole = said.filter(([, reason]) => reason !== 'partly').at(-1)
    const cancelled = said.filter(([, reason]) => reason === 'partly').at(-1)?.[2] ?? 0
    if (whole) return { revoked: whole[1] as Revocation, cancelled }
    for (const { set } of this.#revoked)
      if (set && (await seemsRevoked(ticketId, set))) return { revoked: 'maybe', cancelled }
    return { revoked: 'no', cancelled }
  }

  /** What was said last of this ticket, site and day. */
  used(key: string): UsedRecord | undefined {
    return this.#used.findLast((part) => part.has(key))?.get(key)
  }

  /** All that is known of a ticket's entries, wherever. */
  usedBy(ticketId: string): UsedRecord[] {
    return [...this.#latest((record) => record.ticketId === ticketId).values()]
  }

  /** Null: a gate of another place, which has no part in these lists. */
  gateId({ code, name }: { code: string; name: string }): number | null {
    const gates = this.places.find((place) => place.bit === this.site.bit)?.gates ?? []
    return gates.find((gate) => gate.code === code && gate.name === name)?.id ?? null
  }

  windowOf(ticketId: string): EntryWindow | undefined {
    return this.windows.find((window) => window.ids.has(ticketId))
  }

  /** People let in at this site since an instant, as the server knows; asked after every scan. */
  peopleSince(since: number): number {
    const known = this.#peopleSince
    if (known?.since === since) return known.people
    const people = this.#countSince(since)
    this.#peopleSince = { since, people }
    return people
  }

  #countSince(since: number): number {
    const here = this.#latest((record) => record.first >= since && record.site === this.site.bit)
    return [...here.values()].reduce((sum, record) => sum + record.people, 0)
  }

  /** Tickets whose window of entry touches these seconds, a group as one; null when nothing here has windows. */
  expectedBetween(from: number, until: number): number | null {
    if (this.windows.length === 0) return null
    return this.windows
      .filter((window) => window.entryFrom < until && window.entryUntil > from)
      .reduce((sum, window) => sum + window.count, 0)
  }

  #latest(which: (record: UsedRecord) => boolean): Map<string, UsedRecord> {
    const found = new Map<string, UsedRecord>()
    for (const part of this.#used)
      for (const [key, record] of part) if (which(record)) found.set(key, record)
    return found
  }
}

export async function trustOf(parts: readonly Part[], root: string): Promise<Trust | null> {
  const part = parts.findLast((one) => one.name === 'trust')
  const signed = part ? (JSON.parse(part.text) as Partial<Signed>) : null
  if (!signed?.text || !signed.signature) return null
  return readTrust({ text: signed.text, signature: signed.signature }, root)
}

async function openPart(part: Part, trust: Trust): Promise<unknown> {
  const said = JSON.parse(part.text) as Record<string, unknown>
  switch (part.name) {
    case 'sold':
      return openSold(said as unknown as CodedIds & { made_at: number; until: number })
    case 'windows':
      return (said['windows'] as WindowText[]).map(openWindow)
    case 'revoked':
      return openRevoked(said as { list?: string; plain?: Revoked['plain'] }, trust)
    case 'used':
      return readUsed(fromBase64(said['records'] as string), part.number)
    default:
      return said
  }
}

interface WindowText extends CodedIds {
  entry_from: number
  entry_until: number
}

function openSold(said: CodedIds & { made_at: number; until: number }): Sold {
  return { madeAt: said.made_at, until: said.until, ids: new Set(decodeIds(said)) }
}

function openWindow(said: WindowText): EntryWindow {
  return {
    entryFrom: said.entry_from,
    entryUntil: said.entry_until,
    count: said.count,
    ids: new Set(decodeIds(said)),
  }
}

async function openRevoked(
  said: { list?: string; plain?: Revoked['plain'] },
  trust: Trust,
): Promise<Revoked> {
  const list = said.list ? await readList(fromBase64(said.list), trust.listKeys) : null
  if (said.list && !list) throw new Error('The list of revoked tickets is not signed by our key.')
  return { set: list, plain: said.plain ?? [] }
}
