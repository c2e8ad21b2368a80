import { events, Viewer } from '@photo-sphere-viewer/core'
import { EquirectangularTilesAdapter } from '@photo-sphere-viewer/equirectangular-tiles-adapter'
import { GyroscopePlugin, events as motion } from '@photo-sphere-viewer/gyroscope-plugin'
import { MarkersPlugin, type MarkerConfig } from '@photo-sphere-viewer/markers-plugin'
import { radians, tiled, type Hotspot, type Scene, type Tour } from './tour'

interface Wishes {
  tour: Tour
  place: HTMLElement
  first: Scene
  /** Somebody chose a hotspot in the picture. */
  chosen: (hotspot: Hotspot, button: HTMLElement) => void
  /** A scene is to be seen. */
  shown: (scene: Scene) => void
  failed: () => void
  /** The view follows the phone from now on, or does not any more. */
  turning: (on: boolean) => void
}

/** A phone that knows how it is turned says so at once; asking its person may take longer. */
const SILENT_AFTER_MS = 30_000

/** Whether this device may know how it is turned. */
export function canTurn(): boolean {
  return 'DeviceOrientationEvent' in window && matchMedia('(pointer: coarse)').matches
}

/** Whether this device can draw the sphere at all. */
export function canDraw(): boolean {
  const canvas = document.createElement('canvas')
  return canvas.getContext('webgl2') !== null
}

/** The view around: one scene at a time, its hotspots as buttons that lie in the picture. */
export class View {
  readonly #wishes: Wishes
  readonly #viewer: Viewer
  readonly #markers: MarkersPlugin
  readonly #still = matchMedia('(prefers-reduced-motion: reduce)')
  #gyroscope: GyroscopePlugin | null = null
  scene: Scene

  constructor(wishes: Wishes) {
    const { tour, place, first } = wishes
    this.#wishes = wishes
    this.scene = first
    this.#viewer = new Viewer({
      container: place,
      adapter: EquirectangularTilesAdapter.withConfig({ showErrorTile: false, baseBlur: false }),
      plugins: [MarkersPlugin],
      panorama: tiled(first.panorama),
      defaultYaw: radians(first.yaw),
      defaultPitch: radians(first.pitch),
      navbar: ['zoom', 'move', 'fullscreen'],
      lang: wordsOfLibrary(tour),
      keyboard: false,
      // Who scrolls the page scrolls the page.
      mousewheelCtrlKey: true,
      moveInertia: !this.#still.matches,
    })
    this.#markers = this.#viewer.getPlugin<MarkersPlugin>(MarkersPlugin)
    this.#viewer.addEventListener(events.ReadyEvent.type, () => this.#arrived(first), {
      once: true,
    })
    this.#viewer.addEventListener(events.PanoramaErrorEvent.type, () => wishes.failed())
    place.addEventListener('focusin', () => this.#viewer.startKeyboardControl())
    place.addEventListener('focusout', () => this.#viewer.stopKeyboardControl())
  }

  async go(scene: Scene): Promise<void> {
    if (scene.number === this.scene.number) return
    this.scene = scene
    this.#markers.clearMarkers()
    const position = { yaw: radians(scene.yaw), pitch: radians(scene.pitch) }
    const arrived = await this.#viewer.setPanorama(tiled(scene.panorama), {
      position,
      transition: !this.#still.matches,
    })
    if (arrived && this.scene === scene) this.#arrived(scene)
  }

  look(hotspot: Hotspot): void {
    const position = { yaw: radians(hotspot.yaw), pitch: radians(hotspot.pitch) }
    if (this.#still.matches) this.#viewer.rotate(position)
    else void this.#viewer.animate({ ...position, speed: '8rpm' })
  }

  /**
   * Lets the phone turn the view, or stop it. Only a tap comes here, and nothing listens to the
   * motion before: phones by Apple ask their person now. False where the phone tells nothing.
   */
  async turn(): Promise<boolean> {
    if (this.#gyroscope?.isEnabled()) {
      this.#gyroscope.stop()
      return true
    }
    if (!this.#gyroscope) {
      this.#gyroscope = new GyroscopePlugin(this.#viewer, { moveMode: 'fast' })
      this.#gyroscope.init()
      this.#gyroscope.addEventListener(motion.GyroscopeUpdatedEvent.type, (event) =>
        this.#wishes.turning(event.gyroscopeEnabled),
      )
    }
    const silent = new Promise<boolean>((over) => setTimeout(() => over(false), SILENT_AFTER_MS))
    const started = this.#gyroscope.start().then(
      () => true,
      () => false,
    )
    return Promise.race([started, silent])
  }

  #arrived(scene: Scene): void {
    this.#markers.setMarkers(scene.hotspots.map((hotspot, n) => this.#marker(hotspot, n)))
    this.#wishes.shown(scene)
  }

  #marker(hotspot: Hotspot, number: number): MarkerConfig {
    const button = document.createElement('button')
    button.type = 'button'
    button.className = `spot to-${hotspot.kind}`
    button.lang = hotspot.language
    const name = document.createElement('span')
    name.textContent = hotspot.title
    button.append(name)
    button.addEventListener('click', () => this.#wishes.chosen(hotspot, button))
    button.addEventListener('focus', () => this.look(hotspot))
    return {
      id: `spot-${number}`,
      element: button,
      position: { yaw: radians(hotspot.yaw), pitch: radians(hotspot.pitch) },
      anchor: 'center center',
    }
  }
}

function wordsOfLibrary({ words }: Tour): Record<string, string> {
  return {
    zoom: words.zoom,
    zoomIn: words.zoom_in,
    zoomOut: words.zoom_out,
    move: words.move,
    moveLeft: words.left,
    moveRight: words.right,
    moveUp: words.up,
    moveDown: words.down,
    fullscreen: words.fullscreen,
    gyroscope: words.gyroscope,
    menu: words.menu,
    close: words.close,
    loading: words.loading,
    loadError: words.failed,
    webglError: words.no_viewer,
    ctrlZoom: words.zoom,
    twoFingers: words.move,
  }
}
