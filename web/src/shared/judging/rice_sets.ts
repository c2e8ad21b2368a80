/**
 * Sorted whole numbers in few bytes: each difference from the number before (the first from 0)
 * is its quotient by 2^low in unary, ones and then a zero, followed by its `low` lowest bits.
 */

export class BrokenSetError extends Error {}

/** Reads bits, the most significant of each byte first. */
class Bits {
  readonly #bytes: Uint8Array
  #at = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  next(): number {
    const byte = this.#bytes[this.#at >> 3]
    if (byte === undefined) throw new BrokenSetError('The bits end before the promised count.')
    return (byte >> (7 - (this.#at++ & 7))) & 1
  }

  ones(): number {
    let count = 0
    while (this.next() === 1) count++
    return count
  }

  /** Up to 32 bits as one number. */
  take(count: number): number {
    let value = 0
    for (let taken = 0; taken < count; taken++) value = value * 2 + this.next()
    return value
  }
}

/** Read so many numbers back, in ascending order. */
export function* decodeNumbers(data: Uint8Array, count: number, low: number): Generator<bigint> {
  const bits = new Bits(data)
  const high = Math.max(low - 32, 0)
  let number = 0n
  for (let read = 0; read < count; read++) {
    const quotient = BigInt(bits.ones())
    const upper = BigInt(bits.take(high))
    const lower = BigInt(bits.take(low - high))
    number += (quotient << BigInt(low)) + (upper << BigInt(low - high)) + lower
    yield number
  }
}

export interface CodedIds {
  count: number
  low: number
  /** Base64 with padding. */
  ids: string
}

/** The 16 hexadecimal digits of each coded ticket id. */
export function* decodeIds({ count, low, ids }: CodedIds): Generator<string> {
  const data = Uint8Array.from(atob(ids), (letter) => letter.charCodeAt(0))
  for (const id of decodeNumbers(data, count, low)) yield id.toString(16).padStart(16, '0')
}
