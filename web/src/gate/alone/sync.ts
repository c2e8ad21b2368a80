import type { Answer, Failure } from '$shared/api/answer'
import type { BatchAnswer, Condition, FetchedPack, Heard } from '../api'
import { accept, credentialUntil, type Manifest } from '../pack/accept'
import { GatePack } from '../pack/gate_pack'
import type { Device, GateStorage, HeldPack, LeftBehind, WaitingEvent } from '../storage'
import type { Clock } from './clock'

/** An entry that the server does not count as this phone did: somebody else was first. */
export interface Notice {
  scanId: string
  at: string
  people: number
  counted: number
  outcome: string
  first: { at: string; gate: string } | null
}

/** What the phone says to the server; apart, so that a test can be the server. */
export interface Line {
  fetchPack(device: Device, since: number, etag: string | null): Promise<Answer<FetchedPack>>
  heartbeat(device: Device, condition: Condition): Promise<Answer<Heard>>
  tellBatch(
    device: Device,
    events: readonly WaitingEvent[],
    condition: Condition,
  ): Promise<Answer<BatchAnswer>>
}

/** What changes on this phone when the server has been heard. */
export interface Follower {
  took(pack: GatePack, held: HeldPack): Promise<void>
  listsAreNewest(): Promise<void>
  credential(until: number | null, signed: { text: string; signature: string }): Promise<void>
  told(sent: readonly WaitingEvent[], packNumber: number): Promise<void>
  notice(notices: readonly Notice[]): void
  waiting(count: number): void
  leftBehind(count: number): void
  seated(heard: Heard): Promise<void>
  refusedPack(refusal: string): void
  blocked(): Promise<void>
}

const BATCH = 200
const APP = 'gate 2.0'

/** Brings the queue to the server and the lists to the phone, any number of times. */
export class Sync {
  battery: number | null = null
  #running: Promise<boolean> | null = null
  readonly #storage: GateStorage
  readonly #clock: Clock
  readonly #line: Line
  readonly #follower: Follower

  constructor(storage: GateStorage, clock: Clock, line: Line, follower: Follower) {
    this.#storage = storage
    this.#clock = clock
    this.#line = line
    this.#follower = follower
  }

  /** One turn after the other; true when the server was heard to the end. */
  run(device: Device, pack: GatePack | null, held: HeldPack | null): Promise<boolean> {
    this.#running ??= this.#turn(device, pack, held).finally(() => (this.#running = null))
    return this.#running
  }

  async #turn(device: Device, pack: GatePack | null, held: HeldPack | null): Promise<boolean> {
    await this.#sendLeftBehind()
    if (!(await this.#sendQueue(device, held))) return false
    const newest = await this.#refresh(device, pack, held)
    return newest !== null && (await this.#beat(device, newest))
  }

  /** The oldest first; what has no answer stays. */
  async #sendQueue(device: Device, held: HeldPack | null): Promise<boolean> {
    for (;;) {
      const waiting = await this.#storage.waiting()
      this.#follower.waiting(waiting.length)
      const batch = waiting.filter((event) => !event.trouble).slice(0, BATCH)
      if (batch.length === 0) return true
      const sentAt = performance.now()
      const condition = this.#condition(held, waiting.length - batch.length)
      const answer = await this.#line.tellBatch(device, batch, condition)
      if (!answer.ok) return this.#failed(answer.failure)
      this.#heardTime(answer.data.server_at, sentAt)
      await this.#settle(batch, answer.data)
    }
  }

  /** What an earlier enrolment left goes under its own name; no trouble there stops this one. */
  async #sendLeftBehind(): Promise<void> {
    for (const left of await this.#storage.leftBehind()) await this.#sendLeft(left)
    const kept = await this.#storage.leftBehind()
    this.#follower.leftBehind(kept.reduce((sum, left) => sum + left.events.length, 0))
  }

  async #sendLeft(left: LeftBehind): Promise<void> {
    let rest = left.events
    for (;;) {
      const batch = rest.filter((event) => !event.trouble).slice(0, BATCH)
      if (batch.length === 0) return
      const condition = this.#condition(null, rest.length - batch.length)
      const answer = await this.#line.tellBatch(left.device, batch, condition)
      if (!answer.ok) return
      const sent = new Set(batch.map((event) => event.sequence))
      const unread = answer.data.results
        .filter((result) => result.status === 'invalid')
        .map((result) => ({ ...batch[result.index]!, trouble: result.detail ?? 'invalid' }))
      rest = [...rest.filter((event) => !sent.has(event.sequence)), ...unread]
      await this.#storage.keepLeftBehind({ ...left, events: rest })
    }
  }

  async #settle(batch: readonly WaitingEvent[], answer: BatchAnswer): Promise<void> {
    const gone: WaitingEvent[] = []
    const kept: WaitingEvent[] = []
    const notices: Notice[] = []
    for (const result of answer.results) {
      const event = batch[result.index]
      if (!event) continue
      if (result.status === 'invalid') kept.push({ ...event, trouble: result.detail ?? 'invalid' })
      else gone.push(event)
      const notice = noticeOf(event, result)
      if (notice) notices.push(notice)
    }
    await this.#storage.markWaiting(kept)
    await this.#follower.told(gone, answer.pack_number)
    await this.#storage.forgetWaiting(gone.map((event) => event.sequence))
    this.#follower.waiting(await this.#storage.countWaiting())
    if (notices.length > 0) this.#follower.notice(notices)
  }

  /** The number of the pack that is held now; null when the server was not heard. */
  async #refresh(
    device: Device,
    pack: GatePack | null,
    held: HeldPack | null,
  ): Promise<number | null> {
    const since = pack?.number ?? 0
    const answer = await this.#line.fetchPack(device, since, pack ? (held?.etag ?? null) : null)
    if (!answer.ok) return (await this.#failed(answer.failure)) ? since : null
    const { pack: fetched, etag } = answer.data
    if (fetched === null) {
      await this.#follower.listsAreNewest()
      return since
    }
    // The numbers count also when the parts are gone: an older pack stays refused.
    const before = held
      ? { number: held.number, trustNumber: held.trustNumber, parts: pack?.parts ?? [] }
      : null
    const taken = await accept(fetched, before, device.trustRoot ?? '')
    if (!taken.ok) {
      // Parts went missing here: everything once more.
      if (taken.refusal === 'incomplete' && pack) return this.#refresh(device, null, held)
      this.#follower.refusedPack(taken.refusal)
      return since
    }
    const opened = await GatePack.open(taken.manifest, taken.parts, device.trustRoot ?? '', pack)
    if (!opened) return since
    await this.#follower.took(
      opened,
      this.#held(taken.manifest, opened, fetched.manifest.text, etag),
    )
    const until = await credentialUntil(fetched.credential, opened.trust)
    await this.#follower.credential(until, fetched.credential)
    return opened.number
  }

  #held(manifest: Manifest, pack: GatePack, text: string, etag: string | null): HeldPack {
    const trustNumber = pack.trust.number
    const checkedAt = this.#clock.now()
    return { number: manifest.number, etag, manifest: text, trustNumber, checkedAt }
  }

  async #beat(device: Device, packNumber: number): Promise<boolean> {
    const waiting = await this.#storage.countWaiting()
    const condition = this.#condition({ number: packNumber }, waiting)
    const sentAt = performance.now()
    const answer = await this.#line.heartbeat(device, condition)
    if (!answer.ok) return this.#failed(answer.failure)
    this.#heardTime(answer.data.server_at, sentAt)
    await this.#follower.seated(answer.data)
    return true
  }

  #condition(held: { number: number } | null, waiting: number): Condition {
    return {
      device_at: this.#clock.stamp(),
      pack_number: held?.number || null,
      battery: this.battery,
      waiting,
      app: APP,
    }
  }

  #heardTime(serverAt: string, sentAt: number): void {
    this.#clock.heard(Date.parse(serverAt), performance.now() - sentAt)
  }

  async #failed(failure: Failure): Promise<false> {
    if (failure.kind === 'problem' && (failure.status === 401 || failure.status === 403))
      await this.#follower.blocked()
    return false
  }
}

type Result = BatchAnswer['results'][number]

function noticeOf({ told }: WaitingEvent, result: Result): Notice | null {
  if (told.outcome !== 'admitted') return null
  const people = told.people ?? 1
  const counted = result.counted_people ?? people
  const conflict = result.status === 'conflict'
  if (!conflict && result.outcome === 'admitted' && counted >= people) return null
  // Nothing is known yet of what was put into quarantine.
  if (!conflict && (result.outcome === null || result.outcome === undefined)) return null
  const first = result.first_admission
  return {
    scanId: told.scan_id,
    at: told.scanned_at,
    people,
    counted,
    outcome: conflict ? 'conflict' : (result.outcome ?? ''),
    first: first ? { at: first.at, gate: first.gate.name } : null,
  }
}
