import { getContext, setContext } from 'svelte'
import type sharedMessages from '../messages/vi.json'
import type { Words } from './words.svelte'

/** The part of an app's words that every shared component may use. */
export type SharedWords = Words<keyof typeof sharedMessages>

const KEY = Symbol('words')

export function provideWords<Key extends string>(words: Words<Key | keyof typeof sharedMessages>) {
  setContext(KEY, words)
}

export function useWords(): SharedWords {
  return getContext<SharedWords>(KEY)
}
