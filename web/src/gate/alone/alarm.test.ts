import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Alarm } from './alarm'

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

test('visitors who come without a pause do not put the next try off', () => {
  const ring = vi.fn()
  const alarm = new Alarm(ring)

  for (let visitor = 0; visitor < 10; visitor++) {
    alarm.in(5_000)
    vi.advanceTimersByTime(2_000)
  }

  expect(ring).toHaveBeenCalledTimes(3)
})

test('an earlier moment replaces a later one, and it rings once', () => {
  const ring = vi.fn()
  const alarm = new Alarm(ring)

  alarm.in(30_000)
  alarm.in(5_000)
  vi.advanceTimersByTime(5_000)
  expect(ring).toHaveBeenCalledTimes(1)
  vi.advanceTimersByTime(60_000)
  expect(ring).toHaveBeenCalledTimes(1)
})

test('one that was switched off stays silent until somebody asks again', () => {
  const ring = vi.fn()
  const alarm = new Alarm(ring)

  alarm.in(1_000)
  alarm.off()
  vi.advanceTimersByTime(2_000)
  expect(ring).not.toHaveBeenCalled()
  alarm.in(3_000)
  vi.advanceTimersByTime(3_000)
  expect(ring).toHaveBeenCalledTimes(1)
})
