import type { Decoder } from './decoder'

/** About 13 pictures a second: as fast as a hand moves, and the phone stays cool. */
const PACE_MS = 75
const LONGEST_SIDE = 720

/** Reads the middle square of the video again and again; the returned function ends it. */
export function watchVideo(
  video: HTMLVideoElement,
  decoder: Decoder,
  onCode: (text: string) => void,
): () => void {
  const canvas = document.createElement('canvas')
  const context = canvas.getContext('2d', { willReadFrequently: true })!
  let watching = true

  const look = async (): Promise<void> => {
    const started = performance.now()
    if (video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA && video.videoWidth > 0) {
      const text = await decoder.read(middleOf(video, canvas, context))
      if (text && watching) onCode(text)
    }
    if (watching) setTimeout(() => void look(), Math.max(0, started + PACE_MS - performance.now()))
  }
  void look()
  return () => {
    watching = false
  }
}

function middleOf(
  video: HTMLVideoElement,
  canvas: HTMLCanvasElement,
  context: CanvasRenderingContext2D,
): ImageData {
  const { x, y, side } = middleSquare(video.videoWidth, video.videoHeight)
  const drawn = Math.min(side, LONGEST_SIDE)
  if (canvas.width !== drawn) canvas.width = canvas.height = drawn
  context.drawImage(video, x, y, side, side, 0, 0, drawn, drawn)
  return context.getImageData(0, 0, drawn, drawn)
}

export function middleSquare(
  width: number,
  height: number,
): { x: number; y: number; side: number } {
  const side = Math.min(width, height)
  return { x: Math.floor((width - side) / 2), y: Math.floor((height - side) / 2), side }
}
