import type { OrderIn } from '../api'

/** How many people of a visitor category get a product. */
export interface Choice {
  productId: number
  category: string
  quantity: number
}

/** A time of a product that counts people by times. It says the day too. */
export interface ChosenTime {
  id: number
  visitDate: string
  startsAt: string
  endsAt: string
}

/** An order that is being put together. It outlives a reload, a lost answer and a dead battery. */
export interface Draft {
  slug: string
  visitDate: string
  /** Only products that need no day are wanted. */
  dateless: boolean
  choices: Choice[]
  /** By the id of the product. */
  times: Record<string, ChosenTime>
  oneCode: boolean
  contact: { reach: string; name: string }
  /** What was sent last, so that sending the same again is the same order. */
  sent: { key: string; body: string } | null
}

/** Tickets of one product and category in one order line, as the token counts them. */
export const MOST_PEOPLE = 255

export function emptyDraft(slug: string, visitDate: string): Draft {
  return {
    slug,
    visitDate,
    dateless: false,
    choices: [],
    times: {},
    oneCode: false,
    contact: { reach: '', name: '' },
    sent: null,
  }
}

export function quantityOf(draft: Draft, productId: number, category: string): number {
  return draft.choices.find((choice) => isFor(choice, productId, category))?.quantity ?? 0
}

export function withQuantity(draft: Draft, choice: Choice): Draft {
  const quantity = Math.min(Math.max(choice.quantity, 0), MOST_PEOPLE)
  const others = draft.choices.filter((kept) => !isFor(kept, choice.productId, choice.category))
  return { ...draft, choices: quantity > 0 ? [...others, { ...choice, quantity }] : others }
}

/** Keeps only what is still sold on the chosen day. */
export function withSoldOnly(draft: Draft, isSold: (choice: Choice) => boolean): Draft {
  return { ...draft, choices: draft.choices.filter(isSold) }
}

/** Another day for everything; times of other days are no longer meant. */
export function onDay(draft: Draft, visitDate: string): Draft {
  const same = Object.entries(draft.times).filter(([, time]) => time.visitDate === visitDate)
  return { ...draft, visitDate, dateless: false, times: Object.fromEntries(same) }
}

/** The time for a product; it takes the whole order to its day. */
export function atTime(draft: Draft, productId: number, time: ChosenTime): Draft {
  const moved = onDay(draft, time.visitDate)
  return { ...moved, times: { ...moved.times, [productId]: time } }
}

/** How many people get a product, of all categories. */
export function peopleFor(draft: Draft, productId: number): number {
  return peopleIn({ choices: draft.choices.filter((choice) => choice.productId === productId) })
}

export function peopleIn(draft: Pick<Draft, 'choices'>): number {
  return draft.choices.reduce((sum, choice) => sum + choice.quantity, 0)
}

export type Reach =
  | { kind: 'email'; value: string }
  | { kind: 'phone'; value: string }
  | { kind: 'missing' }
  | { kind: 'unclear' }

/** One field takes either: what has an @ is an address, what is mostly digits is a number. */
export function readReach(text: string): Reach {
  const value = text.trim()
  if (value === '') return { kind: 'missing' }
  if (/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(value)) return { kind: 'email', value }
  const digits = value.replace(/[\s().-]/g, '')
  if (/^\+?\d{8,15}$/.test(digits)) return { kind: 'phone', value: digits }
  return { kind: 'unclear' }
}

/** The body of the order, or null while something is missing. */
export function orderBody(
  draft: Draft,
  language: string,
  needsNoDay: (productId: number) => boolean = () => false,
): OrderIn | null {
  const reach = readReach(draft.contact.reach)
  if (draft.choices.length === 0 || reach.kind === 'missing' || reach.kind === 'unclear')
    return null
  const name = draft.contact.name.trim()
  return {
    lines: draft.choices.map((choice) => ({
      product_id: choice.productId,
      category: choice.category,
      quantity: choice.quantity,
      ...whenOf(draft, choice.productId, needsNoDay),
      one_code: draft.oneCode && choice.quantity > 1,
    })),
    contact: { [reach.kind]: reach.value, ...(name ? { name } : {}) },
    language: language as OrderIn['language'],
  }
}

function whenOf(
  draft: Draft,
  productId: number,
  needsNoDay: (productId: number) => boolean,
): { slot_id: number } | { visit_date: string } | Record<string, never> {
  const time = draft.times[productId]
  if (time) return { slot_id: time.id }
  return needsNoDay(productId) ? {} : { visit_date: draft.visitDate }
}

/**
 * The draft with the key under which this body is sent: the old key for the same body, so
 * that a second tap or a retry cannot make a second order, and a new one after a change.
 */
export function readyToSend(draft: Draft, body: OrderIn, newKey: () => string): Draft {
  const text = JSON.stringify(body)
  if (draft.sent?.body === text) return draft
  return { ...draft, sent: { key: newKey(), body: text } }
}

function isFor(choice: Choice, productId: number, category: string): boolean {
  return choice.productId === productId && choice.category === category
}
