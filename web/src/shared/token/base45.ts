/** Base45 of RFC 9285, strict: what does not come back the same when encoded again is refused. */

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:'

/** The bytes, or null when the text is not the one canonical encoding of any bytes. */
export function decodeBase45(text: string): Uint8Array | null {
  if (text.length % 3 === 1) return null
  const bytes = new Uint8Array(Math.floor(text.length / 3) * 2 + (text.length % 3 === 2 ? 1 : 0))
  let to = 0
  for (let from = 0; from < text.length; from += 3) {
    const digits = [...text.slice(from, from + 3)].map((letter) => ALPHABET.indexOf(letter))
    if (digits.includes(-1)) return null
    const value = digits.reduceRight((sum, digit) => sum * 45 + digit, 0)
    if (value > (digits.length === 3 ? 0xffff : 0xff)) return null
    if (digits.length === 3) bytes[to++] = value >> 8
    bytes[to++] = value & 0xff
  }
  return encodeBase45(bytes) === text ? bytes : null
}

export function encodeBase45(bytes: Uint8Array): string {
  let text = ''
  for (let at = 0; at < bytes.length; at += 2) {
    const whole = at + 1 < bytes.length
    const value = whole ? bytes[at]! * 256 + bytes[at + 1]! : bytes[at]!
    text += letter(value) + letter(value / 45)
    if (whole) text += letter(value / 2025)
  }
  return text
}

function letter(value: number): string {
  return ALPHABET[Math.floor(value) % 45]!
}
