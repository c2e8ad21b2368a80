import { addDays } from '$shared/i18n/wording'
import { emptyDraft, type Draft } from './draft'

const STORED_AS = 'ngomon.draft.'

type Shelf = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>

/** Drafts by place, written at every change: synchronous, so that nothing typed is ever lost. */
export class DraftStore {
  constructor(private readonly shelf: Shelf) {}

  /** The kept draft of a place, or a new one; a day that has passed becomes the first day. */
  open(slug: string, firstDay: string): Draft {
    const kept = this.#read(slug)
    if (!kept) return emptyDraft(slug, firstDay)
    const farthest = addDays(firstDay, 365)
    const dayHolds = kept.visitDate >= firstDay && kept.visitDate <= farthest
    return dayHolds ? kept : { ...kept, visitDate: firstDay }
  }

  keep(draft: Draft): void {
    try {
      this.shelf.setItem(STORED_AS + draft.slug, JSON.stringify(draft))
    } catch {
      // A full or forbidden storage costs the reload, not the purchase.
      return
    }
  }

  forget(slug: string): void {
    try {
      this.shelf.removeItem(STORED_AS + slug)
    } catch {
      return
    }
  }

  #read(slug: string): Draft | null {
    try {
      const text = this.shelf.getItem(STORED_AS + slug)
      return text ? { ...emptyDraft(slug, ''), ...(JSON.parse(text) as Draft) } : null
    } catch {
      return null
    }
  }
}
