import type { Answers } from '$shared/judging/facts'
import { midnightBefore } from '$shared/judging/pass_rules'
import type { Bytes } from '$shared/token/ed25519'
import { readClaims, tokenBytes } from '$shared/token/ticket_token'
import type { Heard, ScanResult } from '../api'
import { credentialUntil } from '../pack/accept'
import { GatePack } from '../pack/gate_pack'
import {
  isFull,
  type Device,
  type GateStorage,
  type HeldPack,
  type Unanswered,
  type WaitingEvent,
} from '../storage'
import { aloud, isUsedUp } from './aloud'
import type { Clock } from './clock'
import { bucketOf, isCounted, keyOf, outlived, ownPeopleSince, type Entry } from './entries'
import { insideBy, judgeAlone, type AloneVerdict, type Holding } from './judge_alone'
import { Sync, type Follower, type Line, type Notice } from './sync'

/** Why this phone cannot keep what it should: then it lets nobody in by itself. */
export type StorageTrouble = 'full' | 'lost'

export interface AloneAnswer {
  verdict: AloneVerdict
  result: ScanResult
}

const HOUR = 3_600
const JUDGED_ALONE = 'judged alone'

/** What this phone knows and remembers, so that it can be a gate without anybody's help. */
export class Station implements Follower {
  pack = $state.raw<GatePack | null>(null)
  held = $state.raw<HeldPack | null>(null)
  queue = $state(0)
  /** Scans of an earlier enrolment of this phone that the server has not heard. */
  left = $state(0)
  trouble = $state<StorageTrouble | null>(null)
  packTrouble = $state<string | null>(null)
  notices = $state.raw<Notice[]>([])
  isBlocked = $state(false)
  /** Guards of this site may type the short code of a ticket. */
  codeSearch = $state(false)
  credentialUntil = $state<number | null>(null)
  /** Newest first: what can still be taken back. */
  entries = $state.raw<Entry[]>([])
  /** Counts the turns, so that what depends on the time is looked at again. */
  turn = $state(0)
  device: Device | null = null
  operator = ''
  readonly clock: Clock
  readonly sync: Sync
  readonly #storage: GateStorage
  readonly #onseat: (device: Device) => void

  constructor(
    storage: GateStorage,
    clock: Clock,
    line: Line,
    onseat: (device: Device) => void = () => {},
  ) {
    this.#storage = storage
    this.clock = clock
    this.#onseat = onseat
    this.sync = new Sync(storage, clock, line, this)
  }

  /** Everything that outlived the reload. */
  async start(device: Device): Promise<void> {
    this.device = device
    this.clock.restore(await this.#storage.fact('clock'))
    this.isBlocked = (await this.#storage.fact('blocked')) ?? false
    this.codeSearch = (await this.#storage.fact('codeSearch')) ?? false
    this.queue = await this.#storage.countWaiting()
    const left = await this.#storage.leftBehind()
    this.left = left.reduce((sum, one) => sum + one.events.length, 0)
    this.#order(await this.#storage.entries())
    await this.#openKeptPack(device)
  }

  async #openKeptPack(device: Device): Promise<void> {
    const held = await this.#storage.fact('pack')
    if (!held || !device.trustRoot) return
    const manifest = JSON.parse(held.manifest) as {
      number: number
      site: { bit: number; slug: string }
      parts: { number: number }[]
    }
    const kept = new Map((await this.#storage.parts()).map((part) => [part.number, part]))
    const parts = manifest.parts.map((part) => kept.get(part.number))
    // The browser threw something away: the next turn fetches everything anew.
    this.held = held
    if (parts.some((part) => part === undefined)) return void (this.packTrouble = 'evicted')
    const whole = parts.filter((part) => part !== undefined)
    this.pack = await GatePack.open(manifest, whole, device.trustRoot)
    const credential = await this.#storage.fact('credential')
    this.credentialUntil = this.pack ? await credentialUntil(credential, this.pack.trust) : null
  }

  /** The phone is nobody's scanner any more. */
  forget(): void {
    this.device = this.pack = this.held = null
    this.entries = []
    this.notices = []
    this.queue = 0
    this.isBlocked = this.codeSearch = false
    this.credentialUntil = null
  }

  get canBeAlone(): boolean {
    return this.pack !== null
  }

  /** Seconds since the server last said that these lists are the newest; null: never. */
  get listsAge(): number | null {
    return this.turn >= 0 && this.held ? this.clock.now() - this.held.checkedAt : null
  }

  /** Tell the server, hear what is new. True when it was heard. */
  async run(): Promise<boolean> {
    if (!this.device) return false
    const heard = await this.#kept(() => this.sync.run(this.device!, this.pack, this.held))
    const facts = this.clock.facts()
    if (facts) await this.#kept(() => this.#storage.keepFact('clock', facts))
    this.turn++
    return heard ?? false
  }

  // --- Judging --------------------------------------------------------------------------------

  async judge(scan: Unanswered, visitor: string): Promise<AloneAnswer> {
    const pack = this.pack!
    const start = performance.now()
    const answers: Answers = {
      people: scan.people,
      document_seen: scan.documentSeen,
      confirmed_by: scan.confirmedBy ?? null,
    }
    const verdict = await judgeAlone(scan.text, answers, this.#holding(pack))
    const around = { pack, device: this.device!, visitor }
    // For whoever observes it while it happens; a long day must not fill the memory with it.
    performance.measure(JUDGED_ALONE, { start })
    performance.clearMeasures(JUDGED_ALONE)
    return { verdict, result: aloud(scan.scanId, verdict, around) }
  }

  #holding(pack: GatePack): Holding {
    return {
      pack,
      entries: this.entries,
      at: this.clock.now(),
      blocked: this.isBlocked,
      credentialUntil: this.credentialUntil,
      clockCheckedAt: this.clock.checkedAt,
      listsCheckedAt: this.held?.checkedAt ?? null,
    }
  }

  /** How many of the party may still enter, as far as this phone knows; null: it does not. */
  mostPeople(text: string): number | null {
    const token = tokenBytes(text)
    if (!token || !this.pack) return null
    const { ticketId, partySize, entryPolicy } = readClaims(token)
    const holding = this.#holding(this.pack)
    const bucket = bucketOf(entryPolicy, this.pack.site.bit, holding.at)
    return Math.max(partySize - insideBy(ticketId, bucket, holding).people, 0)
  }

  // --- Remembering ----------------------------------------------------------------------------

  /**
   * Writes down what this phone decided by itself, and only then returns: nobody is shown as let
   * in whom the disk does not have. Throws when it cannot be kept.
   */
  async keep(scan: Unanswered, { verdict }: AloneAnswer): Promise<void> {
    const { decision, fields } = verdict
    const admitted = decision.outcome === 'admitted'
    const entry = admitted && fields ? this.#entry(scan.scanId, verdict, fields.ticketId) : null
    const told = {
      // A refusal is told under an id of its own: the first one may be asked for once more.
      scan_id: admitted ? scan.scanId : crypto.randomUUID(),
      token: scan.text,
      ...this.#stamp(),
      mode: scan.typed ? ('typed' as const) : ('isolated' as const),
      outcome: decision.outcome,
      people: decision.people,
      reason: decision.why ?? '',
      confirmed_by: scan.confirmedBy ?? ('' as const),
      document_seen: scan.documentSeen === true,
    }
    await this.#write(() => this.#storage.tell(told, entry))
    this.queue++
    if (entry) this.#order([entry, ...this.entries])
  }

  /** What the server decided, so that this phone knows it when the network goes. */
  async noteOnline(scan: Unanswered, result: ScanResult): Promise<void> {
    const token = tokenBytes(scan.text)
    if (!token || !this.pack) return
    if (isUsedUp(result)) return this.#noteElsewhere(token, result)
    if (result.outcome !== 'admitted') return
    const { ticketId, entryPolicy } = readClaims(token)
    const at = this.clock.now()
    await this.#add({
      scanId: result.scan_id,
      ticketId,
      ...bucketOf(entryPolicy, this.pack.site.bit, at),
      people: result.admitted_people,
      at,
      online: true,
      told: null,
    })
  }

  /** Nobody of this ticket may enter any more, and the lists do not say it yet. */
  async #noteElsewhere(token: Bytes, result: ScanResult): Promise<void> {
    const { ticketId, partySize, entryPolicy } = readClaims(token)
    const holding = this.#holding(this.pack!)
    const bucket = bucketOf(entryPolicy, holding.pack.site.bit, holding.at)
    const people = partySize - insideBy(ticketId, bucket, holding).people
    if (people <= 0 || !result.first_admission) return
    const { at, gate } = result.first_admission
    const elsewhere = holding.pack.gateId(gate)
    const heardAt = Math.floor(Date.parse(at) / 1000)
    // What a newer list says of this ticket replaces it.
    const rest = { at: heardAt, online: true, told: holding.pack.number, elsewhere }
    await this.#add({ scanId: result.scan_id, ticketId, ...bucket, people, ...rest })
  }

  /** Takes an entry back, with a reason; told to the server like any scan. */
  async undo(entry: Entry, reason: string): Promise<void> {
    const record = this.pack?.used(keyOf(entry.ticketId, entry))
    const counted = isCounted(entry, record)
    const scanId = crypto.randomUUID()
    const told = { scan_id: scanId, kind: 'undo' as const, undoes: entry.scanId, reason }
    const undone: Entry = counted
      ? { ...entry, scanId, people: -entry.people, merged: false, online: false, told: null }
      : { ...entry, people: 0, undone: true }
    await this.#write(() => this.#storage.tell({ ...told, ...this.#stamp() }, undone))
    this.queue++
    const others = this.entries.filter((one) => one.scanId !== entry.scanId)
    const original = counted ? [{ ...entry, merged: true, undone: true }] : []
    if (counted) await this.#write(() => this.#storage.keepEntries(original))
    this.#order([undone, ...original, ...others])
  }

  async #add(entry: Entry): Promise<void> {
    this.#order([entry, ...this.entries])
    await this.#write(() => this.#storage.keepEntries([entry]))
  }

  #entry(scanId: string, verdict: AloneVerdict, ticketId: string): Entry {
    const { bucket, decision } = verdict
    const at = this.clock.now()
    return { scanId, ticketId, ...bucket, people: decision.people, at, online: false, told: null }
  }

  #stamp() {
    return {
      gate: this.device!.gate.code,
      mode: 'isolated' as const,
      operator: this.operator,
      scanned_at: this.clock.stamp(),
      // The clock of the app is right already, as well as it can be.
      offset_ms: 0,
      pack_number: this.pack?.number ?? 0,
    }
  }

  async #write<T>(write: () => Promise<T>): Promise<T> {
    try {
      const written = await write()
      this.trouble = null
      return written
    } catch (error) {
      this.trouble = isFull(error) ? 'full' : 'lost'
      throw error
    }
  }

  /** For what may fail without harm to anybody: it is tried again soon. */
  async #kept<T>(write: () => Promise<T>): Promise<T | null> {
    try {
      return await this.#write(write)
    } catch {
      return null
    }
  }

  #order(entries: Entry[]): void {
    this.entries = entries.sort((one, other) => other.at - one.at)
  }

  // --- What is counted ------------------------------------------------------------------------

  /** People let in at this site today: what the lists say, and what this phone adds. */
  peopleToday(): number {
    if (this.turn < 0 || !this.pack) return 0
    const midnight = midnightBefore(this.clock.now())
    return this.pack.peopleSince(midnight) + ownPeopleSince(midnight, this.entries, this.pack)
  }

  expectedThisHour(): number | null {
    const hour = Math.floor(this.clock.now() / HOUR) * HOUR
    return this.pack?.expectedBetween(hour, hour + HOUR) ?? null
  }

  // --- What the server said -------------------------------------------------------------------

  async took(pack: GatePack, held: HeldPack): Promise<void> {
    this.pack = pack
    this.held = held
    this.packTrouble = null
    await this.#write(() => this.#storage.keepPack(held, pack.parts))
    const merged = this.entries
      .filter((entry) => !entry.merged)
      .filter((entry) => isCounted(entry, pack.used(keyOf(entry.ticketId, entry))))
      .map((entry) => ({ ...entry, merged: true }))
    const gone = outlived(this.entries, this.clock.now())
    await this.#replace(merged, gone)
  }

  async #replace(changed: readonly Entry[], gone: readonly string[] = []): Promise<void> {
    if (changed.length === 0 && gone.length === 0) return
    const newer = new Map(changed.map((entry) => [entry.scanId, entry]))
    const left = this.entries.filter((entry) => !gone.includes(entry.scanId))
    this.#order(left.map((entry) => newer.get(entry.scanId) ?? entry))
    await this.#write(() => this.#storage.keepEntries(changed, gone))
  }

  async listsAreNewest(): Promise<void> {
    if (!this.held) return
    const held = { ...this.held, checkedAt: this.clock.now() }
    this.held = held
    await this.#write(() => this.#storage.keepFact('pack', held))
  }

  async credential(
    until: number | null,
    signed: { text: string; signature: string },
  ): Promise<void> {
    if (until === null) return
    this.credentialUntil = until
    await this.#write(() => this.#storage.keepFact('credential', signed))
  }

  async told(sent: readonly WaitingEvent[], packNumber: number): Promise<void> {
    const ids = new Set(sent.map((event) => event.told.scan_id))
    const changed = this.entries
      .filter((entry) => ids.has(entry.scanId))
      .map((entry) => ({ ...entry, told: packNumber }))
    await this.#replace(changed)
  }

  notice(notices: readonly Notice[]): void {
    this.notices = [...notices, ...this.notices]
  }

  forgetNotices(): void {
    this.notices = []
  }

  waiting(count: number): void {
    this.queue = count
  }

  leftBehind(count: number): void {
    this.left = count
  }

  async seated(heard: Heard): Promise<void> {
    const device = this.device!
    if (heard.code_search !== this.codeSearch) {
      this.codeSearch = heard.code_search
      await this.#write(() => this.#storage.keepFact('codeSearch', heard.code_search))
    }
    if (this.pack)
      await this.credential(
        await credentialUntil(heard.credential, this.pack.trust),
        heard.credential,
      )
    if (heard.gate.code === device.gate.code && heard.site.slug === device.site.slug) return
    const seated = { ...device, gate: heard.gate, site: heard.site }
    this.device = seated
    await this.#write(() => this.#storage.keepDevice(seated))
    this.#onseat(seated)
  }

  refusedPack(refusal: string): void {
    this.packTrouble = refusal
  }

  async blocked(): Promise<void> {
    this.isBlocked = true
    await this.#kept(() => this.#storage.keepFact('blocked', true))
  }
}
