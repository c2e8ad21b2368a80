import 'fake-indexeddb/auto'
import { openDB } from 'idb'
import { beforeEach, expect, it, vi } from 'vitest'
import type { ScanResult } from '../api'
import { GateStorage, type Unanswered } from '../storage'
import { Clock } from './clock'
import { deviceOf, FakeLine, NOW, packAnswer, ticket, usedRecord } from './server_of_tests'
import { Station } from './station.svelte'

const ID = 'a1b2c3d4e5f60718'
const GROUP = 'a1b2c3d4e5f60719'

let name = 0
let storage: GateStorage
let line: FakeLine
let station: Station
let wall: number
let ticks: number

beforeEach(async () => {
  wall = NOW * 1000
  ticks = 0
  line = new FakeLine()
  line.pack = await packAnswer({ sold: [ID, GROUP] })
  storage = new GateStorage(`gate-${++name}`)
  station = await opened()
  await station.run()
})

async function opened(): Promise<Station> {
  const clock = new Clock(
    () => wall,
    () => ticks,
  )
  const made = new Station(storage, clock, line)
  const device = await deviceOf()
  await storage.keepDevice(device)
  await made.start(device)
  return made
}

it('holds the lists and says how old they are', () => {
  expect([station.canBeAlone, station.listsAge]).toEqual([true, 0])
})

it('lets a good ticket in by itself, once', async () => {
  expect(await enter(ID)).toBe('admitted')
  expect(await enter(ID)).toBe('already_admitted')
})

it('remembers across a power cut what it let in and has not told', async () => {
  line.isThere = false
  await enter(ID)
  await storage.close()
  storage = new GateStorage(`gate-${name}`)
  station = await opened()
  expect([station.queue, station.canBeAlone]).toEqual([1, true])
  expect(await enter(ID)).toBe('already_admitted')
})

it('tells the oldest first, numbered without gaps, refusals too', async () => {
  line.isThere = false
  await enter(ID)
  await enter(ID)
  await enter(GROUP, 3)
  line.isThere = true
  await station.run()
  expect(line.told.map(({ sequence, outcome }) => [sequence, outcome])).toEqual([
    [1, 'admitted'],
    [2, 'already_admitted'],
    [3, 'admitted'],
  ])
  expect([station.queue, await storage.countWaiting()]).toEqual([0, 0])
})

it('tells the same again when the answer was lost', async () => {
  await enter(ID)
  line.losesAnswers = true
  await station.run()
  expect(station.queue).toBe(1)
  line.losesAnswers = false
  await station.run()
  expect(line.told.map((told) => told.scan_id)).toEqual([
    line.told[0]!.scan_id,
    line.told[0]!.scan_id,
  ])
  expect(station.queue).toBe(0)
})

it('goes on numbering after everything was sent', async () => {
  await enter(ID)
  await station.run()
  await enter(GROUP, 3)
  await station.run()
  expect(line.told.map((told) => told.sequence)).toEqual([1, 2])
})

it('keeps what the server could not read, and sends the rest', async () => {
  line.results = (_event, index) =>
    ({ index, status: index === 0 ? 'invalid' : 'stored', detail: 'token: too long' }) as never
  await enter(ID)
  await enter(GROUP, 3)
  await station.run()
  expect((await storage.waiting()).map((event) => event.trouble)).toEqual(['token: too long'])
})

it('counts its own people and those of the lists, and nobody twice', async () => {
  await enter(GROUP, 10, 2)
  expect(await left(GROUP, 10)).toBe(8)
  line.packNumber = 150
  line.pack = await packAnswer({ number: 140, sold: [ID, GROUP], used: usedRecord(GROUP, 5, NOW) })
  await station.run()
  // These lists were made before the server took the two people: five others are inside.
  expect(await left(GROUP, 10)).toBe(3)
  line.pack = await packAnswer({ number: 200, sold: [ID, GROUP], used: usedRecord(GROUP, 7, NOW) })
  await station.run()
  expect(await left(GROUP, 10)).toBe(3)
})

it('refuses what the lists call used, and names the gate', async () => {
  line.pack = await packAnswer({ number: 200, sold: [ID], used: usedRecord(ID, 1, NOW - 600) })
  await station.run()
  const answer = await station.judge(await scan(ID), 'en')
  expect(answer.result).toMatchObject({
    outcome: 'already_admitted',
    first_admission: { gate: { name: 'Cổng B' } },
  })
})

it('refuses what the lists revoke, and lets fewer in when a part was cancelled', async () => {
  const revoked: [string, string, number][] = [
    [ID, 'cancelled', 1],
    [GROUP, 'partly', 3],
  ]
  line.pack = await packAnswer({ number: 200, sold: [ID, GROUP], revoked })
  await station.run()
  expect(await enter(ID)).toBe('cancelled')
  expect(await left(GROUP, 10)).toBe(7)
})

it('gives a place back when the entry is taken back, told or not', async () => {
  await enter(ID)
  await station.undo(station.entries[0]!, 'wrong_button')
  expect(await enter(ID)).toBe('admitted')
  await station.run()
  expect(line.told.map((told) => told.kind ?? 'scan')).toEqual(['scan', 'undo', 'scan'])
  expect(line.told[1]).toMatchObject({ undoes: line.told[0]!.scan_id, reason: 'wrong_button' })
})

it('gives a place back also when the lists count the entry already', async () => {
  await enter(ID)
  line.packNumber = 150
  await station.run()
  line.pack = await packAnswer({ number: 200, sold: [ID], used: usedRecord(ID, 1, NOW) })
  await station.run()
  expect(await enter(ID)).toBe('already_admitted')
  const entry = station.entries.find((one) => one.people > 0)!
  await station.undo(entry, 'visitor_left')
  expect(await enter(ID)).toBe('admitted')
})

it('knows without network what the server let in', async () => {
  const online = await scan(ID)
  const answer = await station.judge(online, 'en')
  await station.noteOnline(online, answer.result)
  expect(await enter(ID)).toBe('already_admitted')
})

it('knows without network what the server refused as used, until a newer list says otherwise', async () => {
  const online = await scan(ID)
  await station.noteOnline(online, usedElsewhere(online))
  const answer = await station.judge(await scan(ID), 'en')
  expect(answer.result).toMatchObject({
    outcome: 'already_admitted',
    first_admission: { at: '2026-11-22T00:50:00.000Z', gate: { name: 'Cổng B' } },
  })
  // Nobody entered here, and nothing here can be taken back.
  expect(station.peopleToday()).toBe(0)
  const undone = usedRecord(ID, 0, 0)
  line.pack = await packAnswer({ number: 200, sold: [ID], used: undone })
  await station.run()
  expect(await enter(ID)).toBe('admitted')
})

it('counts who was let in elsewhere once, whoever said so first', async () => {
  line.pack = await packAnswer({ number: 200, sold: [GROUP], used: usedRecord(GROUP, 3, NOW) })
  await station.run()
  const online = await scan(GROUP, 10)
  await station.noteOnline(online, usedElsewhere(online))
  expect(await enter(GROUP, 10)).toBe('party_exhausted')
  line.pack = await packAnswer({ number: 300, sold: [GROUP], used: usedRecord(GROUP, 10, NOW) })
  await station.run()
  expect(station.peopleToday()).toBe(10)
})

it('says when somebody else was first', async () => {
  line.results = (event, index) =>
    ({
      index,
      scan_id: event.told.scan_id,
      status: 'stored',
      outcome: 'already_admitted',
      counted_people: 0,
      first_admission: { at: '2026-11-22T07:50:00+07:00', gate: { code: 'b', name: 'Cổng B' } },
    }) as never
  await enter(ID)
  await station.run()
  expect(station.notices).toMatchObject([{ people: 1, counted: 0, first: { gate: 'Cổng B' } }])
})

it('shows nothing as let in when the phone is full, and says so until it can write', async () => {
  const put = vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(() => {
    throw new DOMException('', 'QuotaExceededError')
  })
  const first = await scan(ID)
  const answer = await station.judge(first, 'en')
  await expect(station.keep(first, answer)).rejects.toThrow()
  expect([station.trouble, station.queue, station.entries]).toEqual(['full', 0, []])
  put.mockRestore()
  expect(await enter(ID)).toBe('admitted')
  expect(station.trouble).toBeNull()
})

it('fetches everything anew when the browser threw parts away', async () => {
  const database = await openDB(`gate-${name}`)
  await database.clear('parts')
  database.close()
  station = await opened()
  expect([station.canBeAlone, station.packTrouble]).toEqual([false, 'evicted'])
  await station.run()
  expect([station.canBeAlone, station.packTrouble, line.asked.at(-1)]).toEqual([true, null, 0])
})

it('fetches everything anew when the server counts on parts that are not here', async () => {
  const whole = await packAnswer({ number: 200, sold: [ID] })
  line.fetchPack = async (_, since) => {
    line.asked.push(since)
    const parts = since === 0 ? whole.parts : []
    return { ok: true, data: { etag: null, pack: { ...whole, parts } } }
  }
  await station.run()
  expect([line.asked.slice(-2), station.pack!.number]).toEqual([[100, 0], 200])
})

it('refuses an older pack also when its own was thrown away', async () => {
  const database = await openDB(`gate-${name}`)
  await database.clear('parts')
  database.close()
  station = await opened()
  line.pack = await packAnswer({ number: 90 })
  await station.run()
  expect([station.canBeAlone, station.packTrouble]).toEqual([false, 'older'])
})

it('keeps its lists and says so when newer ones cannot be believed', async () => {
  line.pack = await packAnswer({ number: 200, root: new Uint8Array(32).fill(9) })
  await station.run()
  expect([station.pack!.number, station.packTrouble]).toEqual([100, 'untrusted'])
})

it('refuses an expired ticket although the phone was set back by a day', async () => {
  wall += 13 * 3_600_000
  ticks += 13 * 3_600_000
  expect(await enter(ID)).toBe('expired')
  wall -= 24 * 3_600_000
  expect(await enter(ID)).toBe('expired')
})

it('refuses it after a restart as well', async () => {
  wall += 13 * 3_600_000
  ticks += 13 * 3_600_000
  line.serverAt = wall
  await station.run()
  wall -= 24 * 3_600_000
  line.isThere = false
  station = await opened()
  expect(await enter(ID)).toBe('expired')
})

it('wants a supervisor after twelve hours alone, and takes the word of one', async () => {
  line.isThere = false
  wall += 11.9 * 3_600_000
  ticks += 11.9 * 3_600_000
  expect(await enter(ID)).toBe('admitted')
  station.credentialUntil = NOW
  const doubtful = { ...(await scan(GROUP, 3)), people: null }
  expect((await station.judge(doubtful, 'en')).verdict.decision.ask).toBe('supervisor')
  const agreed = await station.judge({ ...doubtful, confirmedBy: 'supervisor' }, 'en')
  expect(agreed.result.outcome).toBe('admitted')
})

it('believes no list of keys that has run out', async () => {
  line.pack = await packAnswer({ number: 200, expiresAt: NOW - 1 })
  await station.run()
  expect(await enter(ID)).toBe('needs_sync')
})

it('stops when the server has disabled the phone, also after a reload', async () => {
  line.fetchPack = async () => ({
    ok: false,
    failure: { kind: 'problem', status: 403, code: 'device_disabled', detail: '' },
  })
  await station.run()
  expect(station.isBlocked).toBe(true)
  station = await opened()
  expect(await enter(ID)).toBe('device_blocked')
})

it('sends under its old name what was not sent when it was enrolled anew', async () => {
  line.isThere = false
  await enter(ID)
  await storage.forgetDevice()
  station.forget()
  await storage.keepDevice({ ...(await deviceOf()), token: 'newer' })
  await station.start({ ...(await deviceOf()), token: 'newer' })
  expect([station.queue, station.left]).toEqual([0, 1])
  await station.run()
  expect([station.left, line.told]).toEqual([1, []])
  line.isThere = true
  await station.run()
  expect(line.told.map(({ sequence, outcome }) => [sequence, outcome])).toEqual([[1, 'admitted']])
  expect([line.tellers, station.left]).toEqual([['token'], 0])
  expect(await storage.leftBehind()).toEqual([])
})

it('keeps the device and its unanswered scans when an older version of the app left them', async () => {
  const old = await openDB('gate-old', 1, {
    upgrade(database) {
      database.createObjectStore('device')
      database.createObjectStore('unanswered', { keyPath: 'text' })
    },
  })
  await old.put('device', await deviceOf(), 'this')
  await old.put('unanswered', await scan(ID))
  old.close()
  const newer = new GateStorage('gate-old')
  expect((await newer.device())?.token).toBe('token')
  expect(await newer.unanswered(await ticket(ID))).not.toBeNull()
  expect(await newer.countWaiting()).toBe(0)
})

async function scan(id: string, party = 1): Promise<Unanswered> {
  const text = await ticket(id, { party })
  const scannedAt = new Date(wall).toISOString()
  return { text, scanId: crypto.randomUUID(), scannedAt, people: null, documentSeen: null }
}

function usedElsewhere(online: Unanswered): ScanResult {
  return {
    scan_id: online.scanId,
    outcome: 'already_admitted',
    admitted_people: 0,
    first_admission: { at: '2026-11-22T07:50:00+07:00', gate: { code: 'b', name: 'Cổng B' } },
    ticket: { left: 0 },
  } as ScanResult
}

/** Present a ticket as a guard would, with a supervisor beside for a part of a party. */
async function enter(id: string, party = 1, people: number | null = null): Promise<string> {
  const confirmedBy = people === null ? null : ('supervisor' as const)
  const presented = { ...(await scan(id, party)), people, confirmedBy }
  const answer = await station.judge(presented, 'en')
  await station.keep(presented, answer)
  return answer.result.outcome
}

async function left(id: string, party: number): Promise<number | null> {
  return (await station.judge(await scan(id, party), 'en')).verdict.decision.people
}
