import { expect, it } from 'vitest'
import { pickLanguage } from './languages'

it('takes the first language of the phone that we speak', () => {
  expect(pickLanguage(['fr-CA', 'en-GB'], ['vi', 'en', 'fr'])).toBe('fr')
  expect(pickLanguage(['vi-VN'], ['vi', 'en'])).toBe('vi')
})

it('speaks English to a foreigner whose language we do not have', () => {
  expect(pickLanguage(['sv-SE'], ['vi', 'en'])).toBe('en')
})

it('speaks Vietnamese when the phone does not say', () => {
  expect(pickLanguage([], ['vi', 'en'])).toBe('vi')
})
