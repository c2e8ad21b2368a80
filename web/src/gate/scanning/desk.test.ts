import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { Answer, Failure } from '$shared/api/answer'
import { encodeBase45 } from '$shared/token/base45'
import { tokenBytes } from '$shared/token/ticket_token'
import vectors from '../../../../tests/ticketing/vectors/ticket_token.json'
import type { Decision } from '$shared/judging/facts'
import type { AloneAnswer } from '../alone/station.svelte'
import type { ScanResult } from '../api'
import type { Unanswered } from '../storage'
import { Desk } from './desk.svelte'

const PARTY_OF_TWO = vectors.valid[0]!.text
const SINGLE = vectors.valid[1]!.text
const OTHER = singleWithId(9)
const OFFLINE: Answer<ScanResult> = { ok: false, failure: { kind: 'offline' } }

let asked: Unanswered[]
let answers: Answer<ScanResult>[]
let kept: Map<string, Unanswered>
let signals: string[]
let admitted: number
let blocked: boolean
let serverIsNear: boolean
let aloneAnswers: AloneAnswer[] | null
let judgedAlone: Unanswered[]
let written: [scanId: string, screen: string][]
let noted: string[]
let diskIsFull: boolean
let desk: Desk

beforeEach(() => {
  vi.useFakeTimers({ now: new Date('2026-11-22T08:00+07:00') })
  asked = []
  answers = []
  kept = new Map()
  signals = []
  admitted = 0
  blocked = false
  serverIsNear = true
  aloneAnswers = null
  judgedAlone = []
  written = []
  noted = []
  diskIsFull = false
  desk = openDesk()
})
afterEach(() => void vi.useRealTimers())

it('shows green for a good ticket and is ready again by itself', async () => {
  answers = [verdict('admitted', { admitted_people: 1 })]
  await desk.present(SINGLE)
  expect(desk.view).toMatchObject({ name: 'result', tone: 'go' })
  expect([signals, admitted]).toEqual([['go'], 1])
  await vi.advanceTimersByTimeAsync(1_500)
  expect(desk.view.name).toBe('ready')
})

it('leaves a refusal on the screen until it is tapped', async () => {
  answers = [verdict('already_admitted')]
  await desk.present(SINGLE)
  await vi.advanceTimersByTimeAsync(600_000)
  expect(desk.view).toMatchObject({ name: 'result', tone: 'stop' })
  desk.next()
  expect(desk.view.name).toBe('ready')
})

it('leaves a refusal when the next visitor shows another code', async () => {
  answers = [verdict('expired'), verdict('admitted', { admitted_people: 1 })]
  await desk.present(SINGLE)
  await desk.present(OTHER)
  expect(desk.view).toMatchObject({ name: 'result', tone: 'go' })
})

it('asks once for a code that is held before the camera, and says that it lingers', async () => {
  answers = [verdict('admitted', { admitted_people: 1 })]
  for (let frame = 0; frame < 100; frame++) {
    await desk.present(SINGLE)
    await vi.advanceTimersByTimeAsync(75)
  }
  expect(asked).toHaveLength(1)
  expect(desk.lingering).toBe(true)
  await vi.advanceTimersByTimeAsync(700)
  expect(desk.lingering).toBe(false)
})

it('takes a lingering code again when the guard asks for it', async () => {
  answers = [verdict('admitted', { admitted_people: 1 }), verdict('already_admitted')]
  await desk.present(SINGLE)
  await vi.advanceTimersByTimeAsync(1_600)
  desk.scanAgain()
  await desk.present(SINGLE)
  expect(desk.view).toMatchObject({ name: 'result', tone: 'stop' })
  expect(new Set(asked.map((scan) => scan.scanId)).size).toBe(2)
})

it('serves a code that came too early once the one before is answered', async () => {
  answers = [
    verdict('admitted', { admitted_people: 1 }),
    verdict('admitted', { admitted_people: 1 }),
  ]
  const first = desk.present(SINGLE)
  await desk.present(OTHER)
  await first
  await desk.present(OTHER)
  expect(asked.map((scan) => scan.text)).toEqual([SINGLE, OTHER])
})

it('asks how many enter before it sends a code for a group', async () => {
  answers = [verdict('admitted', { admitted_people: 1 }, { party_size: 2, left: 1 })]
  await desk.present(PARTY_OF_TWO)
  expect(desk.view).toEqual({ name: 'party', text: PARTY_OF_TWO, most: 2, isRest: false })
  expect(asked).toEqual([])
  await desk.admit(1)
  expect(asked[0]).toMatchObject({ text: PARTY_OF_TWO, people: 1 })
  expect(desk.view).toMatchObject({ name: 'result', tone: 'go' })
})

it('lets everybody who is left enter when the whole group comes', async () => {
  answers = [verdict('admitted', { admitted_people: 2 }, { party_size: 2, left: 0 })]
  await desk.present(PARTY_OF_TWO)
  await desk.admit(2)
  expect(asked[0]!.people).toBeNull()
  expect(admitted).toBe(2)
})

it('offers no more than are left after the server has said so', async () => {
  answers = [verdict('party_exhausted', {}, { party_size: 2, left: 1 })]
  await desk.present(PARTY_OF_TWO)
  await desk.admit(2)
  desk.chooseAgain()
  expect(desk.view).toMatchObject({ name: 'party', most: 1, isRest: true })
})

it('sends the scan again, as a new one, when the guard has seen the document', async () => {
  answers = [verdict('check_document'), verdict('admitted', { admitted_people: 1 })]
  await desk.present(PARTY_OF_TWO)
  await desk.admit(1)
  expect(desk.view).toMatchObject({ tone: 'person' })
  await desk.documentSeen()
  expect(asked.map(({ people, documentSeen }) => [people, documentSeen])).toEqual([
    [1, null],
    [1, true],
  ])
  expect(asked[0]!.scanId).not.toBe(asked[1]!.scanId)
})

it('tries three times with one scan id, then says that it could not ask and admits nobody', async () => {
  answers = [OFFLINE, OFFLINE, OFFLINE]
  const presented = desk.present(SINGLE)
  await vi.advanceTimersByTimeAsync(400)
  expect(desk.view).toEqual({ name: 'asking', again: true })
  await vi.advanceTimersByTimeAsync(5_000)
  await presented
  expect(desk.view).toMatchObject({ name: 'unreachable', failure: { kind: 'offline' } })
  expect(new Set(asked.map((scan) => scan.scanId)).size).toBe(1)
  expect([asked.length, admitted, signals]).toEqual([3, 0, ['person']])
})

it('asks for the lost answer with the same scan id, also after a reload', async () => {
  answers = [OFFLINE, OFFLINE, OFFLINE, verdict('admitted', { admitted_people: 1 })]
  const presented = desk.present(SINGLE)
  await vi.advanceTimersByTimeAsync(5_000)
  await presented
  desk = openDesk()
  await desk.present(SINGLE)
  expect(new Set(asked.map((scan) => scan.scanId)).size).toBe(1)
  expect([desk.view.name, admitted, kept.size]).toEqual(['result', 1, 0])
})

it('judges anew when the answer was lost long ago', async () => {
  answers = [OFFLINE, OFFLINE, OFFLINE, verdict('already_admitted')]
  const presented = desk.present(SINGLE)
  await vi.advanceTimersByTimeAsync(5 * 60_000 + 1)
  await presented
  await desk.present(SINGLE)
  expect(asked[3]!.scanId).not.toBe(asked[0]!.scanId)
})

it.each([
  ['an identity card', '046123456789||NGUYEN VAN A|01011990|Nam'],
  ['a web address', 'https://example.org/'],
  ['a text longer than any ticket', `HUE1:${'A'.repeat(600)}`],
])('never sends %s', async (_what, text) => {
  await desk.present(text)
  expect([asked, desk.view.name, signals]).toEqual([[], 'not_a_ticket', ['stop']])
})

it.each([
  ['the server does not know it', { ok: false, failure: problem(401) } as Answer<ScanResult>],
  ['it was disabled', verdict('device_blocked')],
])('stops when %s', async (_why, answer) => {
  answers = [answer]
  await desk.present(SINGLE)
  expect(blocked).toBe(true)
})

it('does not try again what the server has refused to read', async () => {
  answers = [{ ok: false, failure: problem(422) }]
  await desk.present(SINGLE)
  expect([asked.length, desk.view.name]).toEqual([1, 'unreachable'])
})

it('judges alone when the server does not answer in time, with the same scan id', async () => {
  answers = [OFFLINE]
  aloneAnswers = [aloneVerdict('admitted', 'green')]
  await desk.present(SINGLE)
  expect([asked.length, asked[0]!.scanId]).toEqual([1, judgedAlone[0]!.scanId])
  expect(desk.view).toMatchObject({ name: 'result', tone: 'go' })
  expect([admitted, kept.size]).toEqual([1, 0])
})

it('does not wait for a server that is known to be away', async () => {
  serverIsNear = false
  aloneAnswers = [aloneVerdict('admitted', 'green')]
  await desk.present(SINGLE)
  expect([asked, desk.view.name]).toEqual([[], 'result'])
})

it('writes an entry down before it shows green', async () => {
  serverIsNear = false
  aloneAnswers = [aloneVerdict('admitted', 'green')]
  await desk.present(SINGLE)
  expect(written).toEqual([[judgedAlone[0]!.scanId, 'asking']])
})

it('shows no green when the phone cannot write, and counts nobody', async () => {
  serverIsNear = false
  diskIsFull = true
  aloneAnswers = [aloneVerdict('admitted', 'green')]
  await desk.present(SINGLE)
  expect([desk.view.name, signals, admitted]).toEqual(['not_stored', ['stop'], 0])
})

it('still says no when the phone cannot write', async () => {
  serverIsNear = false
  diskIsFull = true
  aloneAnswers = [aloneVerdict('expired', 'red')]
  await desk.present(SINGLE)
  expect(desk.view).toMatchObject({ name: 'result', tone: 'stop' })
})

it('shows a doubt in amber, whatever its word, until somebody puts it aside', async () => {
  serverIsNear = false
  aloneAnswers = [aloneVerdict('unknown', 'amber'), aloneVerdict('admitted', 'green')]
  await desk.present(SINGLE)
  expect(desk.view).toMatchObject({ name: 'result', tone: 'person' })
  await desk.confirm('supervisor')
  expect(judgedAlone[1]).toMatchObject({ confirmedBy: 'supervisor' })
  expect(desk.view).toMatchObject({ tone: 'go' })
})

it('asks the server when a guard wants it, also while it seems to be away', async () => {
  serverIsNear = false
  answers = [verdict('admitted', { admitted_people: 1 })]
  aloneAnswers = [aloneVerdict('needs_sync', 'amber')]
  await desk.present(SINGLE)
  await desk.askServer()
  expect([asked.length, desk.view]).toMatchObject([1, { tone: 'go', alone: null }])
})

it('refuses at once when the document was wrong', async () => {
  answers = [verdict('check_document')]
  await desk.present(SINGLE)
  await desk.documentSeen(false)
  expect([asked.length, desk.view]).toMatchObject([1, { tone: 'stop' }])
})

it('remembers what the server let in, for the time when it is away', async () => {
  answers = [verdict('admitted', { admitted_people: 1 })]
  await desk.present(SINGLE)
  expect(noted).toEqual([asked[0]!.scanId])
})

it('practises without asking, keeping or counting anything', async () => {
  await desk.present('HUETRAIN:admitted')
  expect(desk.view).toEqual({ name: 'training', outcome: 'admitted' })
  expect([asked, written, admitted, signals]).toEqual([[], [], 0, ['go']])
})

function openDesk(): Desk {
  return new Desk({
    judge: (scan) => {
      asked.push(scan)
      return Promise.resolve(answers[asked.length - 1]!)
    },
    storage: {
      unanswered: (text) => Promise.resolve(kept.get(text) ?? null),
      keepUnanswered: async (scan) => void kept.set(scan.text, scan),
      forgetUnanswered: async (text) => void kept.delete(text),
    },
    signal: (tone) => signals.push(tone),
    admitted: (people) => (admitted += people),
    blocked: () => (blocked = true),
    other: () => false,
    alone: {
      isPossible: () => aloneAnswers !== null,
      isServerNear: () => serverIsNear,
      judge: (scan) => {
        judgedAlone.push(scan)
        return Promise.resolve(aloneAnswers!.shift()!)
      },
      keep: async (scan) => {
        if (diskIsFull) throw new DOMException('', 'QuotaExceededError')
        written.push([scan.scanId, desk.view.name])
      },
      noteOnline: async (scan) => void noted.push(scan.scanId),
      mostPeople: () => null,
    },
  })
}

function verdict(
  outcome: ScanResult['outcome'],
  more: Partial<ScanResult> = {},
  ticket: Partial<NonNullable<ScanResult['ticket']>> = {},
): Answer<ScanResult> {
  const data: ScanResult = {
    scan_id: '00000000-0000-4000-8000-000000000000',
    outcome,
    admitted_people: 0,
    first_admission: null,
    message: { vi: 'Một câu.', visitor: 'A sentence.', visitor_language: 'en' },
    ticket: {
      product_id: 1,
      product_name: 'Đại Nội',
      category: 'adult',
      category_name: 'Người lớn',
      party_size: 1,
      left: 0,
      valid_from: '2026-11-22T00:00:00+07:00',
      valid_until: '2026-11-23T00:00:00+07:00',
      ...ticket,
    },
    ...more,
  }
  return { ok: true, data }
}

function aloneVerdict(outcome: ScanResult['outcome'], colour: Decision['colour']): AloneAnswer {
  const people = outcome === 'admitted' ? 1 : 0
  const answer = verdict(outcome, { admitted_people: people })
  const decision: Decision = { outcome, colour, people, left: 0, why: null, ask: null }
  return { result: (answer as { data: ScanResult }).data, verdict: { decision } } as AloneAnswer
}

function problem(status: number): Failure {
  return { kind: 'problem', status, code: 'some_code', detail: '', where: [] } as Failure
}

function singleWithId(lastByte: number): string {
  const token = tokenBytes(SINGLE)!
  token[10] = lastByte
  return `HUE1:${encodeBase45(token)}`
}
