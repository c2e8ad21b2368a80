/**
 * Which passage is being said. The voice reads evenly, so that a passage takes the share of the
 * time that it has of the letters; a pause more or less shifts it by a second.
 */
export function passageAt(passages: readonly string[], share: number): number {
  const letters = passages.map((text) => Math.max(text.length, 1))
  let left = Math.min(Math.max(share, 0), 1) * letters.reduce((sum, each) => sum + each, 0)
  for (const [index, count] of letters.entries()) {
    left -= count
    if (left < 0) return index
  }
  return Math.max(passages.length - 1, 0)
}

/** The share of the time at which a passage begins. */
export function beginOf(passages: readonly string[], index: number): number {
  const letters = passages.map((text) => Math.max(text.length, 1))
  const before = letters.slice(0, index).reduce((sum, each) => sum + each, 0)
  return (
    before /
    Math.max(
      letters.reduce((sum, each) => sum + each, 0),
      1,
    )
  )
}
