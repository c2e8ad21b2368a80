const LOOK_EVERY_MS = 60 * 60 * 1000

/**
 * The service worker of this page: registers it and knows when a newer version of the app
 * waits. Nothing is replaced under a running page until the person agrees.
 */
class InstalledApp {
  updateReady = $state(false)
  #waiting: ServiceWorker | null = null

  async register(script: string, scope: string): Promise<void> {
    if (!('serviceWorker' in navigator)) return
    try {
      const registration = await navigator.serviceWorker.register(script, { scope })
      this.#notice(registration)
      registration.addEventListener('updatefound', () => {
        const worker = registration.installing
        worker?.addEventListener('statechange', () => this.#notice(registration))
      })
      // A page that nobody leaves for days would not be told of a newer version otherwise.
      setInterval(() => void registration.update().catch(() => {}), LOOK_EVERY_MS)
      const { active } = await navigator.serviceWorker.ready
      active?.postMessage({ keep: filesOfThisPage() })
    } catch {
      // Private windows and broken certificates refuse: the app then works with network only.
      return
    }
  }

  /** Lets the waiting version take over and starts the page again with it. */
  update(): void {
    navigator.serviceWorker.addEventListener('controllerchange', () => location.reload())
    this.#waiting?.postMessage('take-over')
  }

  #notice(registration: ServiceWorkerRegistration): void {
    if (!registration.waiting || !navigator.serviceWorker.controller) return
    this.#waiting = registration.waiting
    this.updateReady = true
  }
}

/** What this page fetched so far, also before a service worker watched. */
function filesOfThisPage(): string[] {
  const urls = performance.getEntriesByType('resource').map(({ name }) => new URL(name))
  return urls.filter(({ origin }) => origin === location.origin).map(({ pathname }) => pathname)
}

export const installed = new InstalledApp()
