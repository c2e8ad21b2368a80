const HEARD_AT = 'ngomon.heard_at'

/**
 * Whether the server can be reached, as far as we know. `offlineSince` is the last time that
 * it answered, also across reloads without network.
 */
class Network {
  offlineSince = $state<Date | null>(null)

  /** Follows the phone's own opinion; ends when the page does. */
  start(): void {
    addEventListener('offline', () => this.lost())
    addEventListener('online', () => (this.offlineSince = null))
    if (!navigator.onLine) this.lost()
  }

  /** The server answered; without network an answer can only come from the browser's own cache. */
  heard(at: Date = new Date()): void {
    if (!navigator.onLine) return
    this.offlineSince = null
    try {
      localStorage.setItem(HEARD_AT, at.toISOString())
    } catch {
      return
    }
  }

  /** The server could not be asked. */
  lost(at: Date = new Date()): void {
    this.offlineSince ??= lastHeard() ?? at
  }
}

function lastHeard(): Date | null {
  try {
    const stored = localStorage.getItem(HEARD_AT)
    return stored ? new Date(stored) : null
  } catch {
    return null
  }
}

export const network = new Network()
