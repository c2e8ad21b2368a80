/**
 * The browser's own formatters, made once for each language and style: making one costs as much
 * as writing a hundred values with it, and a list of places writes hundreds.
 */
const made = new Map<string, unknown>()

function once<T>(name: string, language: string, options: object, make: () => T): T {
  const key = `${name} ${language} ${JSON.stringify(options)}`
  if (!made.has(key)) made.set(key, make())
  return made.get(key) as T
}

export function numberFormat(
  language: string,
  options: Intl.NumberFormatOptions = {},
): Intl.NumberFormat {
  return once('number', language, options, () => new Intl.NumberFormat(language, options))
}

export function dateFormat(
  language: string,
  options: Intl.DateTimeFormatOptions,
): Intl.DateTimeFormat {
  return once('date', language, options, () => new Intl.DateTimeFormat(language, options))
}

/**
 * The first formatter of a page costs a slow phone fifty milliseconds, whatever it writes; those
 * after it next to nothing. Called in a task of its own it holds up no screen.
 */
export function prepareFormatters(language: string): void {
  numberFormat(language)
}

export function pluralRules(language: string): Intl.PluralRules {
  return once('plural', language, {}, () => new Intl.PluralRules(language))
}
