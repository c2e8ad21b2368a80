import '$shared/fonts.css'
import '$shared/tokens.css'
import '$shared/base.css'
import { prepareFormatters } from '$shared/i18n/formatters'
import { network } from '$shared/network.svelte'
import { nextTask } from '$shared/tasks'
import { installed } from '$shared/worker/installed.svelte'
import { mount } from 'svelte'
import App from './App.svelte'
import { router } from './router.svelte'
import { bringTypeface } from './typeface'
import { words } from './words'

network.start()
router.start()
// A part of this version is not on the phone, and the server has only those of a newer one.
addEventListener('vite:preloadError', () => {
  if (!installed.updateReady || !navigator.onLine) return
  // It may have been a language: the one that was chosen counts then, not the address.
  const url = new URL(location.href)
  url.searchParams.delete('lang')
  history.replaceState(history.state, '', url)
  installed.update()
})
// The first time the whole app is fetched for later: the screen that somebody waits for goes first.
const isFirstTime = !navigator.serviceWorker?.controller
if (import.meta.env.PROD)
  setTimeout(() => void installed.register('/service-worker.js', '/'), isFirstTime ? 1000 : 0)

/**
 * The first screen waits for the language, so that nobody sees it change under their eyes; until
 * then stands what the server wrote. It is made in several short tasks: a tap is answered between.
 */
async function start(): Promise<void> {
  await Promise.all([words.start(), bringTypeface()])
  await nextTask()
  prepareFormatters(words.language)
  await nextTask()
  const target = document.getElementById('app')!
  target.replaceChildren()
  mount(App, { target })
  // What was heard without network is told wherever the app is opened next; nobody waits for it.
  setTimeout(() => void import('./listening/telling').then((told) => told.keepTelling()), 5000)
}

void start()
