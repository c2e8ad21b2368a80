import { Words } from '$shared/i18n/words.svelte'
import sharedMessages from '$shared/messages/vi.json'
import gateMessages from './messages/vi.json'

export type Key = keyof typeof sharedMessages | keyof typeof gateMessages

/** What the gate app says to the guard. Vietnamese travels with the app: a gate never waits. */
export const words = new Words<Key>(
  [
    import.meta.glob(['../shared/messages/*.json', '!../shared/messages/vi.json']),
    import.meta.glob(['./messages/*.json', '!./messages/vi.json']),
  ],
  { ...sharedMessages, ...gateMessages },
)

export const t = words.t
