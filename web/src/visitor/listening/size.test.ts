import { expect, it } from 'vitest'
import { sizeInWords } from './size'

it.each([
  [1_449_000, 'vi', '1,4 MB'],
  [420_000, 'de', '0,4 MB'],
  [41_200, 'en', '41 kB'],
  [300, 'en', '1 kB'],
  [0, 'en', '0 kB'],
  [10_700_000_000, 'en', '10.7 GB'],
])('%s bytes in %s are %s', (bytes, language, words) => {
  expect(sizeInWords(bytes, language)).toBe(words)
})
