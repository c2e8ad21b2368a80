import '$shared/fonts.css'
import '$shared/tokens.css'
import '$shared/base.css'
import '@photo-sphere-viewer/core/index.css'
import '@photo-sphere-viewer/markers-plugin/index.css'
import './tour.css'
import { Card } from './card'
import { sceneIn, type Hotspot, type Scene, type Tour } from './tour'
import { SceneVoice } from './scene_voice'
import { canDraw, canTurn, View } from './viewer'
import { madeUpId, Visit, type Told } from './visit'

const LOOK_EVERY_MS = 1000

function byId(id: string): HTMLElement {
  return document.getElementById(id)!
}

const tour = JSON.parse(byId('tour').textContent) as Tour
const place = byId('viewer-place')
const state = byId('viewer-state')
const card = new Card(byId('viewer-card'), tour)
const voice = new SceneVoice(byId('viewer-heard'))

const visit = new Visit(madeUpId(), {
  now: () => performance.now(),
  today: () => new Date().toISOString(),
  visible: () => document.visibilityState === 'visible',
  send: tell,
})

function tell(told: Told): void {
  // What is lost is told again with the next one; after the last there is nothing to be done.
  void fetch(tour.visits, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(told),
    keepalive: true,
  }).catch(() => undefined)
}

function start(first: Scene): void {
  place.hidden = false
  state.textContent = tour.words.loading
  const view = new View({
    tour,
    place: byId('viewer'),
    first,
    chosen: (hotspot, button) => choose(view, hotspot, button),
    shown: (scene) => {
      state.textContent = scene.title
      markCurrent(scene)
      keepInLinks(scene)
      voice.show(scene)
      visit.saw(scene.number)
    },
    failed: () => (state.textContent = tour.words.failed),
    turning: (on) => turn.setAttribute('aria-pressed', String(on)),
  })
  const turn = addTurning(view)
  addButtons(view)
  window.addEventListener('hashchange', () => {
    const scene = sceneIn(location.hash, tour)
    if (scene) void view.go(scene)
  })
  document.addEventListener('visibilitychange', () => {
    visit.looked()
    if (document.visibilityState === 'hidden') visit.tell()
  })
  window.addEventListener('pagehide', () => {
    visit.looked()
    visit.tell()
  })
  setInterval(() => visit.looked(), LOOK_EVERY_MS)
}

/** The button that lets the phone turn the view; without one where there is nothing to turn. */
function addTurning(view: View): HTMLButtonElement {
  const turn = button(tour.words.gyroscope, () => {
    void view.turn().then((fine) => {
      if (!fine) state.textContent = tour.words.no_motion
    })
  })
  turn.setAttribute('aria-pressed', 'false')
  if (canTurn()) state.before(turn)
  return turn
}

/** Another language shows the same scene. */
function keepInLinks(scene: Scene): void {
  for (const link of document.querySelectorAll<HTMLAnchorElement>('.languages a'))
    link.hash = `scene-${scene.number}`
}

function choose(view: View, hotspot: Hotspot, from: HTMLElement): void {
  const scene = tour.scenes.find((each) => each.number === hotspot.scene)
  card.close()
  if (scene) {
    history.replaceState(null, '', `#scene-${scene.number}`)
    void view.go(scene)
  } else {
    card.open(hotspot, from)
  }
}

/** The list under the picture: whatever can be reached in it can be reached here. */
function addButtons(view: View): void {
  for (const scene of tour.scenes) {
    const item = byId(`scene-${scene.number}`)
    const go = button(tour.words.go, () => void show(view, scene))
    item.querySelector('h3')!.append(' ', go)
    for (const [number, hotspot] of scene.hotspots.entries()) {
      const row = item.querySelector(`[data-hotspot="${number}"]`)!
      const look = button(tour.words.look, () => {
        void show(view, scene).then(() => view.look(hotspot))
      })
      row.append(' ', look)
    }
  }
}

async function show(view: View, scene: Scene): Promise<void> {
  card.close()
  await view.go(scene)
  place.scrollIntoView({ block: 'nearest' })
  byId('viewer').focus({ preventScroll: true })
}

function button(text: string, act: () => void): HTMLButtonElement {
  const made = document.createElement('button')
  made.type = 'button'
  made.className = 'small'
  made.textContent = text
  made.addEventListener('click', act)
  return made
}

function markCurrent(scene: Scene): void {
  for (const item of document.querySelectorAll<HTMLElement>('.scene')) {
    if (item.dataset['number'] === String(scene.number)) item.setAttribute('aria-current', 'true')
    else item.removeAttribute('aria-current')
  }
}

function showPictures(): void {
  place.hidden = false
  byId('viewer').hidden = true
  byId('viewer-help').hidden = true
  state.textContent = tour.words.no_viewer
  for (const scene of tour.scenes) {
    const picture = document.createElement('img')
    picture.src = scene.panorama.base
    picture.alt = scene.title
    picture.loading = 'lazy'
    byId(`scene-${scene.number}`).querySelector('h3')!.after(picture)
    visit.saw(scene.number)
  }
}

if (canDraw()) start(sceneIn(location.hash, tour) ?? tour.scenes[0]!)
else showPictures()
