import { expect, it } from 'vitest'
import {
  addDays,
  dayInProvince,
  distanceInWords,
  writeDate,
  writeDay,
  writeMoney,
  writeTime,
} from './wording'

const NBSP = '\u00a0'

it('writes đồng without decimals, as each language does', () => {
  const price = { amount: 200000, currency: 'VND' }
  expect(writeMoney(price, 'vi')).toBe(`200.000${NBSP}₫`)
  expect(writeMoney(price, 'en')).toBe('₫200,000')
  expect(writeMoney(price, 'de')).toBe(`200.000${NBSP}₫`)
})

it('writes a calendar day with its weekday', () => {
  expect(writeDay('2026-11-22', 'vi')).toBe('Chủ Nhật, 22 tháng 11, 2026')
  expect(writeDay('2026-11-22', 'en')).toBe('Sunday, November 22, 2026')
  expect(writeDay('2026-11-22', 'vi', 'medium')).toBe('Chủ Nhật, 22 tháng 11')
  expect(writeDate('2026-11-22', 'vi')).toBe('22/11/2026')
})

it('tells the clock of Huế wherever the phone comes from', () => {
  expect(writeTime('2026-11-22T00:30:00Z', 'vi')).toBe('7:30')
})

it('knows that the day in Huế begins seven hours before UTC', () => {
  expect(dayInProvince('2026-11-22T16:59:59Z')).toBe('2026-11-22')
  expect(dayInProvince('2026-11-22T17:00:00Z')).toBe('2026-11-23')
  expect(addDays('2026-12-31', 1)).toBe('2027-01-01')
})

it('tells near places in minutes on foot and far ones in kilometres', () => {
  expect(distanceInWords(20, 'vi')).toEqual({ unit: 'here' })
  expect(distanceInWords(960, 'vi')).toEqual({ unit: 'walk', minutes: 12 })
  expect(distanceInWords(3540, 'vi')).toEqual({ unit: 'km', kilometres: '3,5' })
  expect(distanceInWords(71_800, 'en')).toEqual({ unit: 'km', kilometres: '72' })
})
