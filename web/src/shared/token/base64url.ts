/** Base64url without padding, strict: the form of a token inside a link. */

export function decodeBase64url(text: string): Uint8Array | null {
  if (!/^[\w-]*$/.test(text) || text.length % 4 === 1) return null
  const letters = atob(text.replace(/-/g, '+').replace(/_/g, '/'))
  const bytes = Uint8Array.from(letters, (letter) => letter.charCodeAt(0))
  return encodeBase64url(bytes) === text ? bytes : null
}

export function encodeBase64url(bytes: Uint8Array): string {
  const letters = btoa(String.fromCharCode(...bytes))
  return letters.replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '')
}
