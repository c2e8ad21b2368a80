import { Words } from '$shared/i18n/words.svelte'
import type sharedMessages from '$shared/messages/vi.json'
import type visitorMessages from './messages/vi.json'

export type Key = keyof typeof sharedMessages | keyof typeof visitorMessages

/** What the visitor app says: one file for each language, fetched when it is spoken. */
export const words = new Words<Key>([
  import.meta.glob('../shared/messages/*.json'),
  import.meta.glob('./messages/*.json'),
])

export const t = words.t
