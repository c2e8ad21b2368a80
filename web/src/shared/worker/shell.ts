declare const __SHELL_FILES__: string[]
declare const __OPTIONAL_FILES__: string[]
declare const __SHELL_VERSION__: string
declare const self: ServiceWorkerGlobalScope

interface Shell {
  /** Names this app's caches; two apps share one origin. */
  app: string
  /** The page that answers every navigation inside the scope. */
  page: string
  /** Which navigations the page can answer; the rest belongs to the server or another app. */
  isOurs: (path: string) => boolean
  /** Which pages of the server it stands in for while there is no network. */
  standsIn?: (path: string) => boolean
}

/**
 * Keeps the whole app on the phone, so that it opens without network.
 *
 * A new version waits until a page asks for it ("take-over"), because a running page
 * may still want a file of the old version.
 */
export function serveShell({ app, page, isOurs, standsIn }: Shell): void {
  const cacheName = `${app}-shell-${__SHELL_VERSION__}`
  const files = new Set(__SHELL_FILES__)
  const optional = new Set(__OPTIONAL_FILES__)

  self.addEventListener('install', (event) => {
    event.waitUntil(
      usedBefore(app, optional).then((used) => keepFiles(cacheName, [...files, ...used])),
    )
  })

  self.addEventListener('activate', (event) => {
    event.waitUntil(forgetOldVersions(app, cacheName).then(() => self.clients.claim()))
  })

  self.addEventListener('message', (event) => {
    if (event.data === 'take-over') void self.skipWaiting()
    // What the page fetched before this worker could see it.
    if (Array.isArray(event.data?.keep)) {
      const fetched = (event.data.keep as string[]).filter((file) => optional.has(file))
      event.waitUntil(keepFiles(cacheName, fetched))
    }
  })

  self.addEventListener('fetch', (event) => {
    const { request } = event
    const url = new URL(request.url)
    if (request.method !== 'GET' || url.origin !== self.location.origin) return
    if (optional.has(url.pathname)) {
      event.respondWith(fetchedOnce(cacheName, url.pathname, request))
      return
    }
    const isNavigation = request.mode === 'navigate'
    if (isNavigation && standsIn?.(url.pathname)) {
      event.respondWith(fetch(request).catch(() => fromCache(cacheName, page, request)))
      return
    }
    if (isNavigation ? !isOurs(url.pathname) : !files.has(url.pathname)) return
    if (!isNavigation) {
      event.respondWith(fromCache(cacheName, url.pathname, request))
      return
    }
    // A phone that is full may clear the files and leave this worker: then it brings them back.
    const bringBack = (): void =>
      event.waitUntil(keepFiles(cacheName, [...files]).catch(() => undefined))
    event.respondWith(fromCache(cacheName, page, request, bringBack))
  })
}

async function keepFiles(cacheName: string, files: string[]): Promise<void> {
  const cache = await caches.open(cacheName)
  await cache.addAll(files.map((file) => new Request(file, { cache: 'no-cache' })))
}

/** The optional files that the version before had: the language of this person, mostly. */
async function usedBefore(app: string, optional: Set<string>): Promise<string[]> {
  const names = (await caches.keys()).filter((name) => name.startsWith(`${app}-shell-`))
  const kept = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()))
  const stems = new Set(kept.flat().map(({ url }) => stemOf(new URL(url).pathname)))
  return [...optional].filter((file) => stems.has(stemOf(file)))
}

/** The name of a built file without the hash of its content. */
function stemOf(file: string): string {
  return file.replace(/-[\w-]{8}(?=\.\w+$)/, '')
}

async function fetchedOnce(cacheName: string, path: string, request: Request): Promise<Response> {
  const cache = await caches.open(cacheName)
  const kept = await cache.match(path)
  if (kept) return kept
  const answer = await fetch(request)
  if (answer.ok) await cache.put(path, answer.clone())
  return answer
}

async function forgetOldVersions(app: string, keep: string): Promise<void> {
  const names = await caches.keys()
  const old = names.filter((name) => name.startsWith(`${app}-shell-`) && name !== keep)
  await Promise.all(old.map((name) => caches.delete(name)))
}

async function fromCache(
  cacheName: string,
  path: string,
  request: Request,
  missed = (): void => undefined,
): Promise<Response> {
  const cache = await caches.open(cacheName)
  const kept = await cache.match(path)
  if (!kept) missed()
  return kept ?? fetch(request)
}
