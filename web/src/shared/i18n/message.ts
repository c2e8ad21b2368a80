import { numberFormat, pluralRules } from './formatters'

/** Plural forms by the category names of CLDR; `other` always exists. */
export type PluralForms = { other: string } & Partial<
  Record<'zero' | 'one' | 'two' | 'few' | 'many', string>
>
export type Message = string | PluralForms
export type Catalogue = Record<string, Message>
export type Values = Record<string, string | number>

/**
 * Fills `{name}` places. A message with plural forms chooses by the value named `count`,
 * with the plural rules of the language. Numbers are written as the language writes them.
 */
export function fillMessage(message: Message, values: Values, language: string): string {
  const text = typeof message === 'string' ? message : pluralForm(message, values, language)
  return text.replace(/\{(\w+)\}/g, (place, name: string) => {
    const value = values[name]
    if (value === undefined) return place
    return typeof value === 'number' ? numberFormat(language).format(value) : value
  })
}

function pluralForm(forms: PluralForms, values: Values, language: string): string {
  const count = Number(values['count'] ?? 0)
  return forms[pluralRules(language).select(count)] ?? forms.other
}
