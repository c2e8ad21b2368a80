import { judge } from './api'
import { remember, remembered } from './remembered'
import { Desk } from './scanning/desk.svelte'
import { allowSound, signal } from './scanning/signals'
import { GateStorage, type Device } from './storage'

const local = (): Storage => localStorage
/** What is counted for one shift ends with the window. */
const session = (): Storage => sessionStorage

/** This phone: which gate it serves, what the guard has chosen, and how the shift goes. */
class GateState {
  /** Undefined until the storage has been read. */
  device = $state.raw<Device | null | undefined>(undefined)
  blocked = $state(false)
  sound = $state(remembered(local, 'sound', true))
  /** False until the page was touched: before that a browser plays nothing. */
  audible = $state(false)
  admitted = $state(remembered(session, 'admitted', 0))
  readonly #storage = new GateStorage()
  readonly desk = new Desk({
    judge: (scan) => judge(scan, this.device!),
    storage: this.#storage,
    signal: (tone) => signal(tone, { sound: this.sound }),
    admitted: (people) => this.#count(people),
    blocked: () => this.#block(),
  })

  async start(): Promise<void> {
    try {
      this.device = await this.#storage.device()
    } catch {
      this.device = null
    }
  }

  async enrol(device: Device): Promise<void> {
    await this.#storage.keepDevice(device)
    this.#beginShift(device)
  }

  /** The phone forgets its gate; the desk closes the device on the server. */
  async unenrol(): Promise<void> {
    await this.#storage.forgetDevice()
    this.#beginShift(null)
  }

  setSound(on: boolean): void {
    this.sound = on
    remember(local, 'sound', on)
  }

  touched(): void {
    if (!this.audible) void allowSound().then(() => (this.audible = true))
  }

  #beginShift(device: Device | null): void {
    this.device = device
    this.blocked = false
    this.desk.next()
    this.#count(-this.admitted)
  }

  #count(people: number): void {
    this.admitted += people
    remember(session, 'admitted', this.admitted)
  }

  #block(): void {
    this.blocked = true
    signal('stop', { sound: this.sound })
  }
}

export const gate = new GateState()
