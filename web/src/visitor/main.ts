import '$shared/fonts.css'
import '$shared/tokens.css'
import '$shared/base.css'
import { network } from '$shared/network.svelte'
import { installed } from '$shared/worker/installed.svelte'
import { mount } from 'svelte'
import App from './App.svelte'
import { router } from './router.svelte'
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
if (import.meta.env.PROD) void installed.register('/service-worker.js', '/')
// The first screen waits for the language, so that nobody sees it change under their eyes; until
// then stands what the server wrote.
void words.start().then(() => {
  const target = document.getElementById('app')!
  target.replaceChildren()
  mount(App, { target })
  // What was heard without network is told wherever the app is opened next; nobody waits for it.
  setTimeout(() => void import('./listening/telling').then((told) => told.keepTelling()), 5000)
})
