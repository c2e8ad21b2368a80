import { Point, verifyAsync } from '@noble/ed25519'

/** The order of the base point, and the prime of the field (RFC 8032 §5.1). */
const L = 2n ** 252n + 27742317777372353535851937790883648493n
const P = 2n ** 255n - 19n

export type VerifySignature = (
  signature: Bytes,
  message: Bytes,
  publicKey: Bytes,
) => Promise<boolean>
/** WebCrypto takes bytes of an ordinary buffer only. */
export type Bytes = Uint8Array<ArrayBuffer>

/**
 * True for exactly one encoding of a signature: browsers differ in how strictly they refuse an
 * S that is not reduced or a point written in two ways, so both are refused here, before them.
 */
export function isCanonical(signature: Bytes): boolean {
  if (signature.length !== 64) return false
  const y = littleEndian(signature.subarray(0, 32)) & (2n ** 255n - 1n)
  return y < P && littleEndian(signature.subarray(32)) < L
}

export const verifyByLibrary: VerifySignature = async (signature, message, publicKey) =>
  isCanonical(signature) && verifyAsync(signature, message, publicKey, { zip215: false })

export const verifyByBrowser: VerifySignature = async (signature, message, publicKey) => {
  if (!isCanonical(signature)) return false
  const key = await browserKey(publicKey)
  return key !== null && crypto.subtle.verify('Ed25519', key, signature, message)
}

const browserKeys = new Map<string, Promise<CryptoKey | null>>()

/** The key as the browser wants it, or null for one that no honest signer has. */
function browserKey(publicKey: Bytes): Promise<CryptoKey | null> {
  const name = publicKey.join()
  const known = browserKeys.get(name) ?? importKey(publicKey)
  browserKeys.set(name, known)
  return known
}

async function importKey(publicKey: Bytes): Promise<CryptoKey | null> {
  // For a key of small order one signature fits every message; browsers let it pass.
  if (!isPointOfLargeOrder(publicKey)) return null
  return crypto.subtle.importKey('raw', publicKey, 'Ed25519', false, ['verify'])
}

function isPointOfLargeOrder(publicKey: Bytes): boolean {
  try {
    return !Point.fromBytes(publicKey).isSmallOrder()
  } catch {
    return false
  }
}

let chosen: Promise<VerifySignature> | undefined

/** The browser's own Ed25519 where there is one (ten times faster), else the library. */
export const verifySignature: VerifySignature = async (signature, message, publicKey) => {
  chosen ??= choose()
  return (await chosen)(signature, message, publicKey)
}

async function choose(): Promise<VerifySignature> {
  try {
    await crypto.subtle.importKey('raw', BASE_POINT, 'Ed25519', false, ['verify'])
    return verifyByBrowser
  } catch {
    return verifyByLibrary
  }
}

/** Any valid point will do to ask the browser whether it knows the curve. */
const BASE_POINT: Bytes = new Uint8Array(32).fill(0x66)
BASE_POINT[0] = 0x58

function littleEndian(bytes: Uint8Array): bigint {
  return bytes.reduceRight((sum, byte) => sum * 256n + BigInt(byte), 0n)
}
