import { beforeEach, expect, it } from 'vitest'
import { emptyDraft } from './draft'
import { DraftStore } from './draft_store'

const entries = new Map<string, string>()
const shelf = {
  getItem: (key: string) => entries.get(key) ?? null,
  setItem: (key: string, value: string) => void entries.set(key, value),
  removeItem: (key: string) => void entries.delete(key),
}
const store = new DraftStore(shelf)
const TODAY = '2026-11-22'

beforeEach(() => entries.clear())

it('gives back after a reload what was typed', () => {
  const draft = { ...emptyDraft('dai-noi', '2026-11-25'), contact: { reach: '09', name: 'Lan' } }
  store.keep(draft)
  expect(new DraftStore(shelf).open('dai-noi', TODAY)).toEqual(draft)
})

it('keeps one draft for each place', () => {
  store.keep({ ...emptyDraft('dai-noi', TODAY), oneCode: true })
  expect(store.open('lang-tu-duc', TODAY).oneCode).toBe(false)
})

it('moves a day that has passed to the first day that can be visited', () => {
  store.keep(emptyDraft('dai-noi', '2026-11-01'))
  expect(store.open('dai-noi', TODAY).visitDate).toBe(TODAY)
})

it('forgets a draft that became an order', () => {
  store.keep({ ...emptyDraft('dai-noi', TODAY), oneCode: true })
  store.forget('dai-noi')
  expect(store.open('dai-noi', TODAY)).toEqual(emptyDraft('dai-noi', TODAY))
})

it('goes on when the phone keeps nothing or something broken', () => {
  entries.set('ngomon.draft.dai-noi', '{broken')
  expect(store.open('dai-noi', TODAY)).toEqual(emptyDraft('dai-noi', TODAY))
  const refuse = (): never => {
    throw new DOMException('', 'SecurityError')
  }
  const forbidden = new DraftStore({ getItem: refuse, setItem: refuse, removeItem: refuse })
  forbidden.keep(emptyDraft('dai-noi', TODAY))
  expect(forbidden.open('dai-noi', TODAY)).toEqual(emptyDraft('dai-noi', TODAY))
})
