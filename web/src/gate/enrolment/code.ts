/** Crockford's letters: no I, L, O, U, which a tired eye mistakes. */
const LETTERS = /^[0-9A-HJKMNP-TV-Z]{8}$/
const QR_PREFIX = 'HUEGATE1:'

/** "k7mq 2xo9" → "K7MQ-2X09", or null when it cannot be a code. */
export function readCode(typed: string): string | null {
  const letters = plain(typed)
  return LETTERS.test(letters) ? `${letters.slice(0, 4)}-${letters.slice(4)}` : null
}

/** The code inside the QR code of the managers' desk, or null for any other QR code. */
export function readCodeFromQr(text: string): string | null {
  return text.startsWith(QR_PREFIX) ? readCode(text.slice(QR_PREFIX.length)) : null
}

/** What somebody has typed so far, written as the desk shows it. */
export function writeSoFar(typed: string): string {
  const letters = plain(typed).slice(0, 8)
  return letters.length > 4 ? `${letters.slice(0, 4)}-${letters.slice(4)}` : letters
}

function plain(typed: string): string {
  return typed
    .toUpperCase()
    .replace(/[^0-9A-Z]/g, '')
    .replace(/O/g, '0')
    .replace(/[IL]/g, '1')
}
