import { numberFormat } from './formatters'
import { LANGUAGE_NAMES, pickLanguage, type Language } from './languages'
import { fillMessage, type Catalogue, type Message, type Values } from './message'
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
 * What an app says, in the chosen language. Only that language is fetched. Reading `language`
 * or calling `t` in a component follows a switch.
 */
export class Words<Key extends string> {
  language = $state<Language>('vi')
  readonly spoken: readonly Language[]
  #messages: Catalogue = $state.raw({})
  readonly #vietnamese: Catalogue | null
  readonly #files: CatalogueFiles[]

  /** `vietnamese` travels with an app that must speak before anything is fetched. */
  constructor(files: CatalogueFiles[], vietnamese: Record<Key, Message> | null = null) {
    this.#vietnamese = vietnamese
    this.#messages = vietnamese ?? {}
    this.#files = files
    this.spoken = (Object.keys(LANGUAGE_NAMES) as Language[]).filter(
      (language) =>
        (language === 'vi' && vietnamese) || files.every((group) => loaderOf(group, language)),
    )
  }

  /** The language of the address, else the stored choice, else what the browser asks for. */
  async start(): Promise<void> {
    const named = languageOfAddress()
    const wanted = [named, readStored()].filter((tag) => tag !== null)
    const language = pickLanguage(wanted.length > 0 ? wanted : navigator.languages, this.spoken)
    // Pages that come back from elsewhere, a payment page say, do not name it again.
    if (language === named) writeStored(language)
    if (await this.#use(language)) return
    // Without network any language that is kept on the phone is better than none.
    for (const other of this.spoken) if (other !== language && (await this.#use(other))) return
  }

  /** Switches the language for now and for the next visit; the screen stays where it is. */
  async speak(language: Language): Promise<void> {
    writeStored(language)
    if (await this.#use(language)) nameInAddress(language)
  }

  async #use(language: Language): Promise<boolean> {
    try {
      this.#messages = await this.#load(language)
    } catch {
      // Without network and without a kept copy we go on in the language that we have.
      return false
    }
    this.language = language
    document.documentElement.lang = language
    return true
  }

  async #load(language: Language): Promise<Catalogue> {
    if (language === 'vi' && this.#vietnamese) return this.#vietnamese
    const parts = await Promise.all(this.#files.map((group) => loaderOf(group, language)!()))
    return Object.assign({}, ...parts.map((part) => part.default)) as Catalogue
  }

  t = (key: Key, values: Values = {}): string => {
    const message = this.#messages[key] ?? key
    return fillMessage(message, values, this.language)
  }

  number = (value: number): string => numberFormat(this.language).format(value)
  percent = (share: number): string =>
    numberFormat(this.language, { style: 'percent', maximumFractionDigits: 0 }).format(share)
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

/** `?lang=de`, as in the addresses that search engines know. */
function languageOfAddress(): string | null {
  return new URLSearchParams(location.search).get('lang')
}

/** An address that names a language names the one that is shown. */
function nameInAddress(language: Language): void {
  const url = new URL(location.href)
  if (!url.searchParams.has('lang')) return
  url.searchParams.set('lang', language)
  history.replaceState(history.state, '', url)
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
