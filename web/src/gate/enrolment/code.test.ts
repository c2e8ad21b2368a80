import { expect, it } from 'vitest'
import { readCode, readCodeFromQr, writeSoFar } from './code'

it.each([
  ['K7MQ-2XR9', 'K7MQ-2XR9'],
  ['k7mq2xr9', 'K7MQ-2XR9'],
  [' k7mq 2xr9 ', 'K7MQ-2XR9'],
  ['ol1i-0000', '0111-0000'],
])('reads %s as people write it', (typed, code) => {
  expect(readCode(typed)).toBe(code)
})

it.each(['', 'K7MQ', 'K7MQ-2XR', 'K7MQ-2XR99', 'K7MQ-2XRU'])('refuses %s', (typed) => {
  expect(readCode(typed)).toBeNull()
})

it('takes the code out of our QR code and out of no other', () => {
  expect(readCodeFromQr('HUEGATE1:K7MQ-2XR9')).toBe('K7MQ-2XR9')
  expect(readCodeFromQr('HUE1:K7MQ-2XR9')).toBeNull()
  expect(readCodeFromQr('https://example.org/K7MQ2XR9')).toBeNull()
})

it('writes the hyphen while one types', () => {
  expect(['k', 'k7mq', 'k7mq2', 'k7mq-2xr9z'].map(writeSoFar)).toEqual([
    'K',
    'K7MQ',
    'K7MQ-2',
    'K7MQ-2XR9',
  ])
})
