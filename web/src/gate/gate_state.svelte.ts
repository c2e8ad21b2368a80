import { network } from '$shared/network.svelte'
import type { Language } from '$shared/i18n/languages'
import { Alarm } from './alone/alarm'
import { Clock } from './alone/clock'
import { Station } from './alone/station.svelte'
import {
  fetchPack,
  findCode,
  heartbeat,
  judge,
  PATIENCE_WHEN_ALONE_MS,
  takeSeat,
  tellBatch,
} from './api'
import { remember, remembered } from './remembered'
import { codeTrouble, type CodeTrouble } from './scanning/code_trouble'
import { Desk } from './scanning/desk.svelte'
import { allowSound, signal } from './scanning/signals'
import {
  afterWrong,
  isPinWanted,
  NO_TRIES,
  ownerOf,
  type PinAnswer,
  type Shift,
} from './shift/pins'
import { readWall } from './shift/wall'
import { GateStorage, type Device, type Unanswered } from './storage'

const local = (): Storage => localStorage
/** What is counted for one shift ends with the window. */
const session = (): Storage => sessionStorage

const RUN_EVERY_MS = 30_000
const PROBE_EVERY_MS = 5_000
/** After a slow answer the next visitors are judged here. */
const SLOW_FOR_MS = 10_000

/** This phone: which gate it serves, what the guard has chosen, and how the shift goes. */
class GateState {
  /** Undefined until the storage has been read. */
  device = $state.raw<Device | null | undefined>(undefined)
  blocked = $state(false)
  /** It was a scanner, and the browser has thrown away all that it knew. */
  wasCleared = $state(false)
  sound = $state(remembered(local, 'sound', true))
  sunlight = $state(remembered(local, 'sunlight', false))
  /** The second sentence on the screen, where the server does not know the visitor's language. */
  visitorLanguage = $state<Language>(remembered<Language>(local, 'visitor_language', 'en'))
  shift = $state.raw<Shift | null>(remembered<Shift | null>(local, 'shift', null))
  /** False until the page was touched: before that a browser plays nothing. */
  audible = $state(false)
  admitted = $state(remembered(session, 'admitted', 0))
  seatTrouble = $state(false)
  readonly #storage = new GateStorage()
  readonly clock = new Clock()
  readonly station = new Station(
    this.#storage,
    this.clock,
    { fetchPack, heartbeat, tellBatch },
    (device) => (this.device = device),
  )
  #slowUntil = 0
  readonly #nextRun = new Alarm(() => void this.run())

  readonly desk = new Desk({
    judge: (scan) => this.#askServer(scan),
    storage: this.#storage,
    signal: (tone) => signal(tone, { sound: this.sound }),
    admitted: (people) => this.#count(people),
    blocked: () => this.#block(),
    other: (text) => this.#readWall(text),
    alone: {
      isPossible: () => this.station.canBeAlone,
      isServerNear: () => network.offlineSince === null && Date.now() >= this.#slowUntil,
      judge: (scan) => this.station.judge(scan, this.visitorLanguage),
      keep: async (scan, answer) => {
        await this.station.keep(scan, answer)
        this.#nextRun.in(PROBE_EVERY_MS)
      },
      noteOnline: (scan, result) => this.station.noteOnline(scan, result),
      mostPeople: (text) => this.station.mostPeople(text),
    },
  })

  async start(): Promise<void> {
    addEventListener('online', () => this.#nextRun.in(0))
    void this.#followBattery()
    try {
      this.device = await this.#storage.device()
      if (this.device) await this.station.start(this.device)
    } catch {
      this.device = null
    }
    this.wasCleared = !this.device && remembered(local, 'enrolled', false)
    this.station.operator = this.shift?.label ?? ''
    this.blocked = this.station.isBlocked
    await this.run()
  }

  /** Sends what waits and fetches what is new, again and again. */
  async run(): Promise<void> {
    this.#nextRun.off()
    if (this.device) {
      const heard = await this.station.run()
      if (heard) this.#slowUntil = 0
      if (this.station.isBlocked && !this.blocked) this.#block()
    }
    this.#nextRun.in(network.offlineSince ? PROBE_EVERY_MS : RUN_EVERY_MS)
  }

  async enrol(device: Device): Promise<void> {
    await this.#storage.forgetDevice()
    await this.#storage.keepDevice(device)
    remember(local, 'enrolled', true)
    this.wasCleared = false
    await this.station.start(device)
    this.#beginShift(device)
    void this.run()
  }

  /** The phone forgets its gate; the desk closes the device on the server. */
  async unenrol(): Promise<void> {
    await this.#storage.forgetDevice()
    remember(local, 'enrolled', false)
    this.station.forget()
    this.#beginShift(null)
  }

  // --- The shift ------------------------------------------------------------------------------

  /** A site that gives PINs wants one before the first scan. */
  get needsPin(): boolean {
    return isPinWanted(this.station.pack?.pins ?? [], this.shift, this.clock.now())
  }

  async enterPin(pin: string, { supervisor = false } = {}): Promise<PinAnswer> {
    const at = this.clock.now()
    const tries = remembered(local, 'pin_tries', NO_TRIES)
    if (at < tries.blockedUntil) return { ok: false, waitUntil: tries.blockedUntil }
    const shift = await ownerOf(pin, this.station.pack?.pins ?? [], at, { supervisor })
    const after = shift ? NO_TRIES : afterWrong(tries, at)
    remember(local, 'pin_tries', after)
    return shift ? { ok: true, shift } : { ok: false, waitUntil: after.blockedUntil || null }
  }

  beginShift(shift: Shift): void {
    this.#takeShift(shift)
    this.#count(-this.admitted)
  }

  endShift(): void {
    this.#takeShift(null)
  }

  #takeShift(shift: Shift | null): void {
    this.shift = shift
    this.station.operator = shift?.label ?? ''
    remember(local, 'shift', shift)
  }

  async takeSeat(site: string, gate: string): Promise<void> {
    const answer = await takeSeat(this.device!, site, gate)
    this.seatTrouble = !answer.ok
    if (!answer.ok) return
    const device = { ...this.device!, gate: answer.data.gate, site: answer.data.site }
    await this.#storage.keepDevice(device)
    this.station.device = device
    this.device = device
  }

  // --- Choices of the guard -------------------------------------------------------------------

  choose(what: 'sound' | 'sunlight', on: boolean): void {
    this[what] = on
    remember(local, what, on)
  }

  speakTo(language: Language): void {
    this.visitorLanguage = language
    remember(local, 'visitor_language', language)
  }

  touched(): void {
    if (!this.audible) void allowSound().then(() => (this.audible = true))
  }

  /** People whose entry was taken back. */
  uncount(people: number): void {
    this.#count(-people)
    void this.run()
  }

  async #askServer(scan: Unanswered) {
    const patience = this.station.canBeAlone ? PATIENCE_WHEN_ALONE_MS : undefined
    const answer = await judge(scan, this.device!, patience)
    if (!answer.ok && answer.failure.kind === 'slow') this.#slowUntil = Date.now() + SLOW_FOR_MS
    if (!answer.ok) this.#nextRun.in(PROBE_EVERY_MS)
    return answer
  }

  /** Presents the ticket whose short code was typed; else the name of what is wrong. */
  async typeCode(code: string): Promise<CodeTrouble | null> {
    if (network.offlineSince !== null) return 'needs_sync'
    const answer = await findCode(this.device!, code)
    if (!answer.ok) return codeTrouble(answer.failure)
    void this.desk.present(answer.data.token, Date.now(), { typed: true })
    return null
  }

  #readWall(text: string): boolean {
    const wall = readWall(text)
    if (wall) void this.takeSeat(wall.site, wall.gate)
    return wall !== null
  }

  #beginShift(device: Device | null): void {
    this.device = device
    this.blocked = false
    this.desk.next()
    this.#takeShift(null)
    this.#count(-this.admitted)
  }

  #count(people: number): void {
    this.admitted += people
    remember(session, 'admitted', this.admitted)
  }

  #block(): void {
    this.blocked = true
    // Also after a reload, and also without network.
    void this.station.blocked()
    signal('stop', { sound: this.sound })
  }

  async #followBattery(): Promise<void> {
    const api = navigator as { getBattery?: () => Promise<EventTarget & { level: number }> }
    const battery = await api.getBattery?.().catch(() => undefined)
    if (!battery) return
    const read = (): void => {
      this.station.sync.battery = Math.round(battery.level * 100)
    }
    read()
    battery.addEventListener('levelchange', read)
  }
}

export const gate = new GateState()
