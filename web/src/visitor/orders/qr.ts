/** A code as shapes: enough to draw it, and nothing else that a document could carry. */
export interface QrDrawing {
  viewBox: string
  shapes: { d: string; transform: string | null; stroked: boolean }[]
}

const WHITE = ['#fff', '#ffffff', 'white']

/**
 * Reads the server's SVG and keeps only geometry, so that no markup from outside ever becomes
 * part of our page. Null when it holds no drawing.
 */
export function readQr(svg: string): QrDrawing | null {
  const document = new DOMParser().parseFromString(svg, 'image/svg+xml')
  const root = document.documentElement
  const viewBox = root.getAttribute('viewBox')
  const paths = [...root.querySelectorAll('path')]
  const shapes = paths.flatMap((path) => {
    const d = path.getAttribute('d')
    // White is the paper, which we give the code ourselves.
    if (!d || WHITE.includes(path.getAttribute('fill') ?? '')) return []
    const stroke = path.getAttribute('stroke')
    return [
      { d, transform: path.getAttribute('transform'), stroked: !!stroke && stroke !== 'none' },
    ]
  })
  return viewBox && shapes.length > 0 ? { viewBox, shapes } : null
}

/** The ten characters of a ticket that a guard may type when no camera can read its QR code. */
export function shortCode(ticketId: string): string {
  const digits = ticketId.slice(0, 10).toUpperCase()
  return `${digits.slice(0, 5)}-${digits.slice(5)}`
}
