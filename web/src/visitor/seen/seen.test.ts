import 'fake-indexeddb/auto'
import { beforeEach, expect, it } from 'vitest'
import type { Answer } from '$shared/api/answer'
import { openSeen, Seen } from './seen'

const offline: Answer<string> = { ok: false, failure: { kind: 'offline' } }
const said = (data: string): Promise<Answer<string>> => Promise.resolve({ ok: true, data })

let phone = 0
let seen: Seen

beforeEach(() => {
  phone += 1
  const name = `seen-${phone}`
  seen = new Seen(() => openSeen(name))
})

it('shows again, without network, what was looked at', async () => {
  await seen.orRecall('dai-noi', said('old'))
  await seen.orRecall('dai-noi', said('new'))
  expect(await seen.orRecall('dai-noi', Promise.resolve(offline))).toEqual({
    ok: true,
    data: 'new',
  })
})

it('says that there is no network for what was never looked at', async () => {
  await seen.orRecall('dai-noi', said('x'))
  expect(await seen.orRecall('lang-tu-duc', Promise.resolve(offline))).toEqual(offline)
})

it('does not hide a refusal behind an old answer', async () => {
  await seen.orRecall('dai-noi', said('x'))
  const gone: Answer<string> = {
    ok: false,
    failure: { kind: 'problem', status: 404, code: 'not_found', detail: '' },
  }
  expect(await seen.orRecall('dai-noi', Promise.resolve(gone))).toEqual(gone)
})

it('makes room for new pages', async () => {
  for (let page = 0; page < 63; page += 1) await seen.orRecall(`page ${page}`, said('x'))
  const recalled = async (page: number): Promise<boolean> =>
    (await seen.orRecall(`page ${page}`, Promise.resolve(offline))).ok
  expect([await recalled(62), await recalled(30)]).toEqual([true, true])
  expect(await recalled(0)).toBe(false)
})

it('works on a phone that keeps nothing', async () => {
  const forgetful = new Seen(() => Promise.reject(new DOMException('', 'InvalidStateError')))
  expect(await forgetful.orRecall('dai-noi', said('x'))).toEqual({ ok: true, data: 'x' })
  expect(await forgetful.orRecall('dai-noi', Promise.resolve(offline))).toEqual(offline)
})

it('shows what the server says before the phone has written it down', async () => {
  const slow = new Seen(() => new Promise(() => {}))
  expect(await slow.orRecall('dai-noi', said('x'))).toEqual({ ok: true, data: 'x' })
})
