import { tick } from 'svelte'
import { isScreen, routeOf, type Route } from './routes'

interface HistoryState {
  scroll?: number
}

/** Where the person is. Links are ordinary anchors; `start` makes them stay inside the app. */
class Router {
  url = $state.raw(new URL(location.href))
  readonly route: Route = $derived(routeOf(this.url.pathname))
  /** False on the first screen: there the browser sets the focus, afterwards each heading does. */
  moved = false

  start(): void {
    history.scrollRestoration = 'manual'
    addEventListener('popstate', (event) => void this.#show((event.state as HistoryState)?.scroll))
    document.addEventListener('click', (event) => this.#follow(event))
  }

  go(href: string, { replace = false } = {}): void {
    if (replace) history.replaceState(history.state, '', href)
    else {
      this.#rememberScroll()
      history.pushState(null, '', href)
    }
    void this.#show(replace ? null : 0)
  }

  /** Changes what follows the question mark, without a new step in the history. */
  describe(query: URLSearchParams): void {
    const text = query.size > 0 ? `?${query}` : ''
    history.replaceState(history.state, '', this.url.pathname + text)
  }

  async #show(scroll: number | null = 0): Promise<void> {
    this.moved = true
    this.url = new URL(location.href)
    await tick()
    if (scroll !== null) scrollTo(0, scroll)
  }

  #rememberScroll(): void {
    history.replaceState({ ...(history.state as HistoryState), scroll: scrollY }, '')
  }

  #follow(event: MouseEvent): void {
    const link = (event.target as Element).closest?.('a')
    if (!link || event.defaultPrevented || event.button !== 0) return
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return
    const url = new URL(link.href, location.href)
    const ours = url.origin === location.origin && isScreen(url.pathname)
    if (!ours || link.target || link.hasAttribute('download') || url.hash) return
    event.preventDefault()
    this.go(url.pathname + url.search)
  }
}

export const router = new Router()
