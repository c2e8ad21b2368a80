const FACES = ["400 1rem 'Be Vietnam Pro'", "600 1rem 'Be Vietnam Pro'"]
/** A letter of each file that the typeface comes in. */
const LETTERS = 'aạ'
const PATIENCE_MS = 150

/**
 * Brings our typeface before the first screen. A phone that does not have it by then shows this
 * page in its own: letters that change later move lines under the reader's eyes. The files still
 * come, for the next time.
 */
export async function bringTypeface(): Promise<void> {
  const coming = Promise.all(FACES.map((face) => document.fonts.load(face, LETTERS)))
  const came = coming.then((faces) => faces.flat().length > 0).catch(() => false)
  const late = new Promise<boolean>((resolve) => setTimeout(() => resolve(false), PATIENCE_MS))
  if (await Promise.race([came, late])) return
  document.documentElement.style.setProperty('--font', 'var(--font-system)')
}
