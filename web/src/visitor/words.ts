import { Words } from '$shared/i18n/words.svelte'
import sharedMessages from '$shared/messages/vi.json'
import visitorMessages from './messages/vi.json'

export type Key = keyof typeof sharedMessages | keyof typeof visitorMessages

/** What the visitor app says. Vietnamese travels with the app, the others when chosen. */
export const words = new Words<Key>({ ...sharedMessages, ...visitorMessages }, [
  import.meta.glob(['../shared/messages/*.json', '!../shared/messages/vi.json']),
  import.meta.glob(['./messages/*.json', '!./messages/vi.json']),
])

export const t = words.t
