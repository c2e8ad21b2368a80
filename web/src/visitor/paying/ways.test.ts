import { expect, it } from 'vitest'
import { PayingMemory } from './memory'
import { firstChoice, type Way } from './ways'

const way = (provider: Way['provider'], usable = true): Way =>
  ({ provider, usable, kind: 'redirect' }) as Way

it('offers what was taken last time, where it can be taken', () => {
  const ways = [way('vietqr'), way('vnpay'), way('stripe', false)]
  expect(firstChoice(ways, 'vnpay')).toBe('vnpay')
  expect(firstChoice(ways, 'stripe')).toBe('vietqr')
  expect(firstChoice(ways, null)).toBe('vietqr')
  expect(firstChoice([way('stripe', false)], 'stripe')).toBeNull()
})

it('remembers the way, and of each try whether the money is said to be sent', () => {
  const kept = new Map<string, string>()
  const shelf = {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
  }
  const memory = new PayingMemory(shelf)
  memory.chose('vietqr')
  memory.tell(7)
  const restarted = new PayingMemory(shelf)
  expect(restarted.way).toBe('vietqr')
  expect([restarted.wasTold(7), restarted.wasTold(8)]).toEqual([true, false])
})

it('goes on without a storage', () => {
  const refuse = (): never => {
    throw new DOMException('', 'SecurityError')
  }
  const memory = new PayingMemory({ getItem: refuse, setItem: refuse })
  memory.chose('vietqr')
  memory.tell(7)
  expect([memory.way, memory.wasTold(7)]).toEqual([null, false])
})
