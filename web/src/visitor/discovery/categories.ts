import type { Key } from '../words'

/** Kinds of places in the order in which a visitor looks for them. */
export const CATEGORIES = [
  'citadel',
  'royal_tomb',
  'palace',
  'museum',
  'pagoda',
  'temple',
  'memorial',
  'natural',
  'fortification',
  'communal_house',
  'altar',
  'bridge',
  'craft_village',
  'garden_house',
  'heritage_village',
  'heritage_quarter',
  'market',
  'academy',
  'library',
  'theatre',
  'arena',
  'archaeological',
] as const

export type Category = (typeof CATEGORIES)[number]

/** The message of a category; null for one that this version of the app does not know. */
export function categoryKey(category: string): Key | null {
  return CATEGORIES.includes(category as Category) ? `category.${category as Category}` : null
}

/** Simple plans and outlines, one for each family of places, on a grid of 48. */
const DRAWINGS = {
  gate: 'M6 40h36M10 40V22h28v18M10 22l-4-4h36l-4 4M16 18v-5h16v5M13 13h22l-3-4H16l-3 4M20 40v-8a4 4 0 0 1 8 0v8',
  tomb: 'M6 40h36M12 40v-6h24v6M16 34v-6h16v6M20 28v-8h8v8M17 20h14l-7-8-7 8M24 12V8',
  pagoda:
    'M8 40h32M14 40v-8h20v8M10 32h28l-4-5H14l-4 5M17 27v-6h14v6M13 21h22l-4-5H17l-4 5M20 16v-4h8v4M24 12V6',
  hall: 'M6 40h36M10 40V24M38 40V24M19 40V24M29 40V24M5 24h38l-5-9H10l-5 9M16 15l8-5 8 5',
  museum: 'M7 40h34M10 40V36h28v4M13 36V21M20 36V21M28 36V21M35 36V21M8 21h32L24 10 8 21',
  hills: 'M4 40h40M6 40l12-20 8 12 5-8 11 16M33 15a4 4 0 1 1 0-8 4 4 0 0 1 0 8',
  bridge:
    'M4 36h40M8 36V26M40 36V26M4 26c8-10 32-10 40 0M16 36V21M24 36V19M32 36V21M12 22l4-6h16l4 6',
  village: 'M5 40h38M8 40V28l8-7 8 7v12M24 40V25l8-8 9 8v15M14 40v-7h4v7M30 40v-8h5v8',
} as const

const FAMILY: Record<Category, keyof typeof DRAWINGS> = {
  citadel: 'gate',
  fortification: 'gate',
  arena: 'gate',
  royal_tomb: 'tomb',
  altar: 'tomb',
  archaeological: 'tomb',
  pagoda: 'pagoda',
  temple: 'pagoda',
  palace: 'hall',
  theatre: 'hall',
  communal_house: 'hall',
  academy: 'hall',
  museum: 'museum',
  library: 'museum',
  memorial: 'museum',
  natural: 'hills',
  bridge: 'bridge',
  craft_village: 'village',
  garden_house: 'village',
  heritage_village: 'village',
  heritage_quarter: 'village',
  market: 'village',
}

export function drawingOf(category: string): string {
  return DRAWINGS[FAMILY[category as Category] ?? 'gate']
}
