/** Small choices of this phone. Storage may be refused; then they last until the page closes. */

export function remembered<T>(storage: () => Storage, name: string, fallback: T): T {
  try {
    const stored = storage().getItem(`ngomon.gate.${name}`)
    return stored === null ? fallback : (JSON.parse(stored) as T)
  } catch {
    return fallback
  }
}

export function remember<T>(storage: () => Storage, name: string, value: T): void {
  try {
    storage().setItem(`ngomon.gate.${name}`, JSON.stringify(value))
  } catch {
    return
  }
}
