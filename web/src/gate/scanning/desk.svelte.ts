import type { Answer, Failure } from '$shared/api/answer'
import { Repeats } from '$shared/scanner/repeats'
import { readClaims, tokenBytes } from '$shared/token/ticket_token'
import type { AloneAnswer } from '../alone/station.svelte'
import type { ScanResult } from '../api'
import type { Unanswered } from '../storage'
import { isKnown, toneOf, type Outcome, type Tone } from './outcomes'

/** What the guard sees now. */
export type View =
  | { name: 'ready' }
  | { name: 'party'; text: string; most: number; isRest: boolean }
  | { name: 'asking'; again: boolean }
  | { name: 'result'; scan: Unanswered; result: ScanResult; tone: Tone; alone: AloneAnswer | null }
  | { name: 'not_a_ticket' }
  | { name: 'unreachable'; scan: Unanswered; failure: Failure }
  /** Judged alone, but the phone could not write it down: nobody was let in. */
  | { name: 'not_stored' }
  | { name: 'training'; outcome: Outcome }

/** What the desk needs from the rest of the app, so that it can be tried without it. */
export interface Surroundings {
  judge(scan: Unanswered): Promise<Answer<ScanResult>>
  storage: {
    unanswered(text: string): Promise<Unanswered | null>
    keepUnanswered(scan: Unanswered): Promise<void>
    forgetUnanswered(text: string): Promise<void>
  }
  /** Sound and vibration. */
  signal(tone: Tone): void
  admitted(people: number): void
  /** What this phone can do by itself; the server is asked first as long as it answers. */
  alone: {
    isPossible(): boolean
    /** False while the network is known to be away or slow. */
    isServerNear(): boolean
    judge(scan: Unanswered): Promise<AloneAnswer>
    /** Resolves when it is on the disk; only then anything may be shown as let in. */
    keep(scan: Unanswered, answer: AloneAnswer): Promise<void>
    noteOnline(scan: Unanswered, result: ScanResult): Promise<void>
    mostPeople(text: string): number | null
  }
  /** A code of ours that is no ticket: of a gate's wall, for example. True when it was one. */
  other(text: string): boolean
  /** The server does not accept this device any more. */
  blocked(): void
}

const TICKET_PREFIX = 'HUE1:'
/** For practice: the screen of an outcome, which is neither kept nor told. */
const TRAINING_PREFIX = 'HUETRAIN:'
/** The server reads no longer text than this. */
const LONGEST_TEXT = 512
/** A lost answer is asked for again within this time; later the ticket is judged anew. */
const ANSWER_WANTED_MS = 5 * 60_000
const LINGERS_MS = 600
const GREEN_LASTS_MS = 1_500
const GREEN_OF_A_PARTY_LASTS_MS = 3_000
const PAUSES_BEFORE_TRIES_MS = [0, 300, 900]

/** One visitor after the other: a code comes, the server judges, the screen says it. */
export class Desk {
  view = $state.raw<View>({ name: 'ready' })
  /** The code before the camera is the one that was judged last. */
  lingering = $state(false)
  readonly #around: Surroundings
  readonly #repeats = new Repeats()
  /** How many of a party may still enter, as the server said last. */
  readonly #left = new Map<string, number>()
  #current = ''
  /** The ticket that is served now was found by its short code. */
  #typed = false
  #nextTimer: ReturnType<typeof setTimeout> | undefined
  #lingerTimer: ReturnType<typeof setTimeout> | undefined

  constructor(around: Surroundings) {
    this.#around = around
  }

  /** A code is before the camera, or a hardware reader has read one. */
  async present(text: string, at = Date.now(), { typed = false } = {}): Promise<void> {
    if (this.#isBusy(text, at)) return
    const fresh = this.#repeats.isFresh(text, at)
    this.#linger(!fresh && this.view.name === 'ready')
    if (!fresh) return
    clearTimeout(this.#nextTimer)
    if (text.startsWith(TRAINING_PREFIX)) return this.train(text.slice(TRAINING_PREFIX.length))
    if (this.#around.other(text)) return
    // Any other code may hold what is nobody's business, an identity card for example.
    if (!text.startsWith(TICKET_PREFIX) || text.length > LONGEST_TEXT) return this.#notATicket()
    this.#current = text
    this.#typed = typed
    this.view = { name: 'asking', again: false }
    const waiting = await this.#waiting(text, at)
    if (waiting) return this.#ask(waiting)
    const most = this.#mostPeople(text)
    if (most > 1) this.view = { name: 'party', text, most, isRest: this.#left.has(text) }
    else await this.#ask(this.#newScan(text, null))
  }

  /** So many of the party enter now; everybody who is left when it is the most. */
  async admit(people: number): Promise<void> {
    if (this.view.name !== 'party') return
    const { text, most } = this.view
    await this.#ask(this.#newScan(text, people < most ? people : null))
  }

  /** The guard has looked at the document that the category asks for: it was right, or not. */
  async documentSeen(isRight = true): Promise<void> {
    if (this.view.name !== 'result') return
    const { scan, alone, result } = this.view
    if (alone) return this.#judgeAlone({ ...scan, documentSeen: isRight })
    if (isRight) return this.#ask({ ...this.#newScan(scan.text, scan.people), documentSeen: true })
    this.view = { ...this.view, scan: { ...scan, documentSeen: false }, result, tone: 'stop' }
    this.#around.signal('stop')
  }

  /** Somebody who may do so has put the doubt of a gate that is alone aside. */
  async confirm(by: 'guard' | 'supervisor'): Promise<void> {
    if (this.view.name !== 'result' || !this.view.alone) return
    await this.#judgeAlone({ ...this.view.scan, confirmedBy: by })
  }

  /** Ask the server once more about what this phone was not sure of. */
  async askServer(): Promise<void> {
    if (this.view.name === 'result') await this.#ask(this.view.scan, true)
  }

  /** Show an outcome for practice. */
  train(outcome: string): void {
    this.view = isKnown(outcome) ? { name: 'training', outcome } : { name: 'not_a_ticket' }
    this.#around.signal(toneOf(outcome))
  }

  /** After "more than are left": choose again, up to those who are left. */
  chooseAgain(): void {
    if (this.view.name !== 'result') return
    const { scan, result } = this.view
    this.view = { name: 'party', text: scan.text, most: result.ticket?.left ?? 1, isRest: true }
  }

  async retry(): Promise<void> {
    if (this.view.name === 'unreachable') await this.#ask(this.view.scan)
  }

  /** Ready for the next visitor. */
  next(): void {
    clearTimeout(this.#nextTimer)
    this.view = { name: 'ready' }
  }

  /** Take the code that is still before the camera as a new presentation. */
  scanAgain(): void {
    this.#repeats.forget()
    this.lingering = false
  }

  async #ask(scan: Unanswered, again = false): Promise<void> {
    this.view = { name: 'asking', again }
    const { alone } = this.#around
    if (alone.isPossible() && !alone.isServerNear() && !again) return this.#judgeAlone(scan)
    await tried(this.#around.storage.keepUnanswered(scan))
    const answer = await this.#askUntilHeard(scan)
    if (answer.ok) await this.#show(scan, answer.data)
    else if (isRefusedDevice(answer.failure)) this.#around.blocked()
    else if (alone.isPossible() && answer.failure.kind !== 'problem') await this.#judgeAlone(scan)
    else this.#unreachable(scan, answer.failure)
  }

  async #judgeAlone(scan: Unanswered): Promise<void> {
    const { alone } = this.#around
    const answer = await alone.judge(scan)
    const { outcome } = answer.result
    const tone = toneOf(outcome, answer.verdict.decision.colour)
    try {
      // On the disk first: a green that a power cut forgets would let the next one in as well.
      await alone.keep(scan, answer)
    } catch {
      if (tone === 'go') return this.#notStored()
    }
    if (tone === 'go') await tried(this.#around.storage.forgetUnanswered(scan.text))
    this.#reveal(scan, answer.result, tone, answer)
  }

  #newScan(text: string, people: number | null): Unanswered {
    const scan = newScan(text, people)
    return this.#typed ? { ...scan, typed: true } : scan
  }

  #notStored(): void {
    this.view = { name: 'not_stored' }
    this.#around.signal('stop')
  }

  /** The same scan id each time: an answer that got lost is given again, not judged anew. */
  async #askUntilHeard(scan: Unanswered): Promise<Answer<ScanResult>> {
    let answer: Answer<ScanResult> = { ok: false, failure: { kind: 'offline' } }
    const tries = this.#around.alone.isPossible() ? [0] : PAUSES_BEFORE_TRIES_MS
    for (const pause of tries) {
      if (pause > 0) {
        this.view = { name: 'asking', again: true }
        await new Promise((resolve) => setTimeout(resolve, pause))
      }
      answer = await this.#around.judge(scan)
      if (answer.ok || answer.failure.kind === 'problem') break
    }
    return answer
  }

  async #show(scan: Unanswered, result: ScanResult): Promise<void> {
    await tried(this.#around.storage.forgetUnanswered(scan.text))
    if (result.outcome === 'device_blocked') return this.#around.blocked()
    await tried(this.#around.alone.noteOnline(scan, result))
    this.#reveal(scan, result, toneOf(result.outcome), null)
  }

  #reveal(scan: Unanswered, result: ScanResult, tone: Tone, alone: AloneAnswer | null): void {
    if (result.ticket) this.#left.set(scan.text, result.ticket.left)
    this.view = { name: 'result', scan, result, tone, alone }
    this.#around.signal(tone)
    if (tone !== 'go') return
    this.#around.admitted(result.admitted_people)
    const isParty = (result.ticket?.party_size ?? 1) > 1
    this.#nextAfter(isParty ? GREEN_OF_A_PARTY_LASTS_MS : GREEN_LASTS_MS)
  }

  #unreachable(scan: Unanswered, failure: Failure): void {
    this.view = { name: 'unreachable', scan, failure }
    this.#around.signal('person')
  }

  #notATicket(): void {
    this.view = { name: 'not_a_ticket' }
    this.#around.signal('stop')
  }

  /** The token's own claim until the server has said how many are left. */
  #mostPeople(text: string): number {
    const token = tokenBytes(text)
    if (!token) return 1
    const said = this.#left.get(text) ?? readClaims(token).partySize
    // Nobody left is an answer that the judge gives, not a question.
    return Math.min(said, this.#around.alone.mostPeople(text) ?? said)
  }

  /** A scan of this code whose answer got lost a moment ago. */
  async #waiting(text: string, at: number): Promise<Unanswered | null> {
    const waiting = await tried(this.#around.storage.unanswered(text))
    return waiting && at - Date.parse(waiting.scannedAt) < ANSWER_WANTED_MS ? waiting : null
  }

  /** While a visitor is served, another code in the picture is an accident. */
  #isBusy(text: string, at: number): boolean {
    const busy = this.view.name === 'asking' || this.view.name === 'party'
    if (busy && text === this.#current) this.#repeats.isFresh(text, at)
    return busy
  }

  #linger(lingering: boolean): void {
    this.lingering = lingering
    clearTimeout(this.#lingerTimer)
    if (lingering) this.#lingerTimer = setTimeout(() => (this.lingering = false), LINGERS_MS)
  }

  #nextAfter(milliseconds: number): void {
    this.#nextTimer = setTimeout(() => this.next(), milliseconds)
  }
}

function newScan(text: string, people: number | null): Unanswered {
  const scannedAt = new Date().toISOString()
  return { text, scanId: crypto.randomUUID(), scannedAt, people, documentSeen: null }
}

/** A phone that cannot store (full, private window) must still judge. */
async function tried<T>(stored: Promise<T>): Promise<T | null> {
  try {
    return await stored
  } catch {
    return null
  }
}

function isRefusedDevice(failure: Failure): boolean {
  if (failure.kind !== 'problem' || failure.code === 'code_search_off') return false
  return failure.status === 401 || failure.status === 403
}
