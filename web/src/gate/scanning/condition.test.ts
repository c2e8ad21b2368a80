import { expect, it } from 'vitest'
import { warningOf, type Condition } from './condition'

const WELL: Condition = {
  trouble: null,
  packTrouble: null,
  hasPack: true,
  listsAge: 60,
  wasSetBack: false,
}

it('says nothing when all is well', () => {
  expect(warningOf(WELL)).toBeNull()
})

it.each<[Partial<Condition>, object]>([
  [{ listsAge: 24 * 3600 }, {}],
  [{ listsAge: 25 * 3600 }, { key: 'lists.old', hours: 25 }],
  [{ listsAge: 73 * 3600 }, { key: 'lists.too_old', hours: 73 }],
  [{ hasPack: false, listsAge: null }, { key: 'lists.none' }],
  [{ hasPack: false, packTrouble: 'evicted' }, { key: 'lists.evicted' }],
  [{ packTrouble: 'forged' }, { key: 'lists.refused' }],
  [{ wasSetBack: true }, { key: 'clock.set_back' }],
  [{ trouble: 'full', listsAge: 73 * 3600 }, { key: 'storage.full' }],
])('warns of %j', (changed, expected) => {
  expect(warningOf({ ...WELL, ...changed }) ?? {}).toEqual(expected)
})
