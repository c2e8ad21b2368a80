const WAY = 'ngomon.way'
const TOLD = 'ngomon.told.'

type Shelf = Pick<Storage, 'getItem' | 'setItem'>

/** What this phone remembers about paying; a storage that is forbidden costs only comfort. */
export class PayingMemory {
  constructor(private readonly shelf: Shelf) {}

  get way(): string | null {
    return this.#read(WAY)
  }

  chose(way: string): void {
    this.#write(WAY, way)
  }

  /** Whether the buyer said of this try that the money is sent. */
  wasTold(paymentId: number | null): boolean {
    return this.#read(`${TOLD}${paymentId}`) !== null
  }

  tell(paymentId: number | null): void {
    this.#write(`${TOLD}${paymentId}`, '1')
  }

  #read(key: string): string | null {
    try {
      return this.shelf.getItem(key)
    } catch {
      return null
    }
  }

  #write(key: string, value: string): void {
    try {
      this.shelf.setItem(key, value)
    } catch {
      return
    }
  }
}
