import type { QrDrawing } from '../orders/qr'

/** A picture of a code with its facts under it, for the gallery that the bank app reads. */
export interface Picture {
  drawing: QrDrawing
  lines: string[]
}

const SIDE = 720
const MARGIN = 40
const LINE = 44

/** Draws the code on paper of its own: black on white, whatever scheme the phone has. */
export function paint({ drawing, lines }: Picture, canvas: HTMLCanvasElement): void {
  canvas.width = SIDE + 2 * MARGIN
  canvas.height = SIDE + 2 * MARGIN + lines.length * LINE
  const pen = canvas.getContext('2d')!
  pen.fillStyle = '#fff'
  pen.fillRect(0, 0, canvas.width, canvas.height)
  pen.save()
  pen.translate(MARGIN, MARGIN)
  const [left = 0, top = 0, width = 1] = drawing.viewBox.split(/[\s,]+/).map(Number)
  pen.scale(SIDE / width, SIDE / width)
  pen.translate(-left, -top)
  for (const shape of drawing.shapes) draw(shape, pen)
  pen.restore()
  pen.fillStyle = '#000'
  pen.font = '600 28px system-ui, sans-serif'
  pen.textAlign = 'center'
  lines.forEach((line, at) =>
    pen.fillText(line, canvas.width / 2, SIDE + 2 * MARGIN + at * LINE, SIDE),
  )
}

function draw(shape: QrDrawing['shapes'][number], pen: CanvasRenderingContext2D): void {
  const path = new Path2D(shape.d)
  pen.fillStyle = pen.strokeStyle = '#000'
  if (shape.stroked) pen.stroke(path)
  else pen.fill(path)
}

/** Hands the picture to the browser as a download. */
export async function save(picture: Picture, name: string): Promise<void> {
  const canvas = document.createElement('canvas')
  paint(picture, canvas)
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'))
  if (!blob) return
  const link = document.createElement('a')
  link.href = URL.createObjectURL(blob)
  link.download = name
  link.click()
  // The download has begun by then; the picture is not needed in memory any longer.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
}
