import { LANGUAGE_NAMES, pickLanguage, type Language } from './languages'
import { fillMessage, type Catalogue, type Values } from './message'
import {
  distanceInWords,
  writeDate,
  writeDay,
  writeMoment,
  writeMoney,
  writeTime,
  type DayStyle,
  type Money,
} from './wording'

type Loader = () => Promise<{ default: Catalogue }>
/** What `import.meta.glob('…/messages/*.json')` gives: file name to loader. */
export type CatalogueFiles = Record<string, unknown>

const STORED_AS = 'ngomon.language'

/**
 * What an app says, in the chosen language. Vietnamese is always there; the others are
 * fetched when chosen. Reading `language` or calling `t` in a component follows a switch.
 */
export class Words<Key extends string> {
  language = $state<Language>('vi')
  readonly spoken: readonly Language[]
  #messages: Catalogue
  readonly #vietnamese: Catalogue
  readonly #files: CatalogueFiles[]

  constructor(vietnamese: Record<Key, Catalogue[string]>, files: CatalogueFiles[]) {
    this.#vietnamese = vietnamese
    this.#messages = $state.raw(vietnamese)
    this.#files = files
    this.spoken = (Object.keys(LANGUAGE_NAMES) as Language[]).filter(
      (language) => language === 'vi' || files.every((group) => loaderOf(group, language)),
    )
  }

  /** The stored choice, else what the browser asks for. */
  async start(): Promise<void> {
    const stored = readStored()
    await this.#use(pickLanguage(stored ? [stored] : navigator.languages, this.spoken))
  }

  /** Switches the language for now and for the next visit. */
  async speak(language: Language): Promise<void> {
    writeStored(language)
    await this.#use(language)
  }

  async #use(language: Language): Promise<void> {
    try {
      this.#messages = await this.#load(language)
    } catch {
      // Without network and without a kept copy we go on in the language that we have.
      return
    }
    this.language = language
    document.documentElement.lang = language
  }

  async #load(language: Language): Promise<Catalogue> {
    if (language === 'vi') return this.#vietnamese
    const parts = await Promise.all(this.#files.map((group) => loaderOf(group, language)!()))
    return Object.assign({}, ...parts.map((part) => part.default)) as Catalogue
  }

  t = (key: Key, values: Values = {}): string => {
    const message = this.#messages[key] ?? this.#vietnamese[key] ?? key
    return fillMessage(message, values, this.language)
  }

  number = (value: number): string => new Intl.NumberFormat(this.language).format(value)
  percent = (share: number): string =>
    new Intl.NumberFormat(this.language, { style: 'percent', maximumFractionDigits: 0 }).format(
      share,
    )
  money = (money: Money): string => writeMoney(money, this.language)
  day = (day: string, style?: DayStyle): string => writeDay(day, this.language, style)
  date = (day: string): string => writeDate(day, this.language)
  time = (instant: string | Date): string => writeTime(instant, this.language)
  moment = (instant: string | Date): string => writeMoment(instant, this.language)
  distance = (metres: number) => distanceInWords(metres, this.language)
}

function loaderOf(files: CatalogueFiles, language: Language): Loader | undefined {
  const file = Object.keys(files).find((name) => name.endsWith(`/${language}.json`))
  return file === undefined ? undefined : (files[file] as Loader)
}

/** Storage may be refused (private windows): then the choice lasts until the page closes. */
function readStored(): string | null {
  try {
    return localStorage.getItem(STORED_AS)
  } catch {
    return null
  }
}

function writeStored(language: Language): void {
  try {
    localStorage.setItem(STORED_AS, language)
  } catch {
    return
  }
}
