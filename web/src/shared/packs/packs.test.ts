import 'fake-indexeddb/auto'
import { createHash } from 'node:crypto'
import { beforeEach, describe, expect, it } from 'vitest'
import { NotServedError, PIECE_BYTES, StalledError, WrongContentError } from './fetching'
import { bytesOf, merged, type Manifest, type PackFile, type PackKey } from './manifest'
import { PackRefusedError, Packs, type Progress } from './packs'
import { PackStorage } from './storage'

const KEY: PackKey = { guide: 7, language: 'vi', quality: 'high', format: 'mp3' }
const SOUND_BYTES = 3 * PIECE_BYTES + 1000
let databases = 0

/** A server of packs that breaks off when it is told to. */
class Server {
  contents = new Map<string, Uint8Array<ArrayBuffer>>()
  versions = new Map<string, PackFile[]>()
  version = ''
  asked: string[] = []
  /** After so many bytes of files the network goes away; null: never. */
  breaksAfter: number | null = null
  knowsParts = true
  /** Instead of breaking it says nothing more. */
  hangs = false
  refusal: { status: number; code: string } | null = null
  sent = 0

  publish(version: string, stops: Record<number, string>): void {
    const files = [this.#file('guide', 0, `guide ${version}`, 300)]
    for (const [stop, words] of Object.entries(stops)) {
      files.push(this.#file('stop', Number(stop), `stop ${stop} ${words}`, 900))
      files.push(this.#file('sound', Number(stop), `sound ${stop} ${words}`, SOUND_BYTES))
    }
    this.version = version
    this.versions.set(version, files)
  }

  #file(kind: PackFile['kind'], stop: number, seed: string, bytes: number): PackFile {
    const content = new Uint8Array(bytes)
    content.set(new TextEncoder().encode(JSON.stringify({ seed })))
    const json = kind !== 'sound'
    if (json) content.fill(0x20, JSON.stringify({ seed }).length)
    const sha256 = createHash('sha256').update(content).digest('hex')
    const url = `/media/kept/${sha256}.${json ? 'json' : 'mp3'}`
    this.contents.set(url, content)
    return { url, sha256, bytes, kind, stop }
  }

  fetch = async (input: RequestInfo | URL, init?: RequestInit): Promise<Response> => {
    await Promise.resolve()
    const url = new URL(String(input), 'http://server')
    this.asked.push(url.pathname + url.search)
    if (url.pathname.startsWith('/api/')) return this.#manifest(url)
    return this.#content(url.pathname, new Headers(init?.headers).get('Range'))
  }

  #manifest(url: URL): Response {
    if (this.refusal) return Response.json(this.refusal, { status: this.refusal.status })
    const files = this.versions.get(this.version)!
    const earlier = this.versions.get(url.searchParams.get('since') ?? '')
    const held = new Set(earlier?.map((file) => file.sha256))
    const listed = new Set(files.map((file) => file.sha256))
    const changed = files.filter((file) => !held.has(file.sha256))
    const manifest: Manifest = {
      guide: 7,
      version: this.version,
      language: 'vi',
      format: 'mp3',
      quality: 'high',
      bytes: bytesOf(files),
      download_bytes: bytesOf(changed),
      since: earlier ? url.searchParams.get('since') : null,
      files: changed,
      removed: [...held].filter((sha256) => !listed.has(sha256)),
    }
    return Response.json(manifest)
  }

  #content(path: string, range: string | null): Response {
    const content = this.contents.get(path)
    if (!content) return new Response(null, { status: 404 })
    const from = range && this.knowsParts ? Number(/bytes=(\d+)-/.exec(range)![1]) : 0
    const rest = content.slice(from)
    const stream = new ReadableStream<Uint8Array>({
      pull: (controller) => {
        const left = rest.length - taken
        if (left === 0) return controller.close()
        const room = this.breaksAfter === null ? Infinity : this.breaksAfter - this.sent
        if (room <= 0 && this.hangs) return new Promise<void>(() => {})
        if (room <= 0) return controller.error(new TypeError('network lost'))
        const size = Math.min(left, 10_000, room)
        controller.enqueue(rest.slice(taken, taken + size))
        taken += size
        this.sent += size
      },
    })
    let taken = 0
    return new Response(stream, { status: from > 0 ? 206 : 200 })
  }
}

let server: Server
let packs: Packs

beforeEach(() => {
  server = new Server()
  server.publish('v1', { 1: 'gate', 2: 'hall', 3: 'urns' })
  packs = new Packs({
    storage: new PackStorage(`packs-${databases++}`),
    fetch: server.fetch,
    now: () => 1000,
  })
})

async function everythingIsHere(version: string): Promise<boolean> {
  const files = server.versions.get(version)!
  const blobs = await Promise.all(files.map((file) => packs.file(file.sha256)))
  return blobs.every((blob, n) => blob?.size === files[n]!.bytes)
}

describe('a download', () => {
  it('says its size before a file travels', async () => {
    const plan = await packs.plan(KEY)
    const bytes = bytesOf(server.versions.get('v1')!)
    expect([plan.bytes, plan.missingBytes, plan.upToDate]).toEqual([bytes, bytes, false])
    expect(server.asked.filter((path) => path.startsWith('/media'))).toEqual([])
  })

  it('brings every file, checked, and tells a progress that ends at the total', async () => {
    const told: Progress[] = []
    const pack = await packs.download(await packs.plan(KEY), { told: (each) => told.push(each) })
    expect(pack.version).toBe('v1')
    expect(await everythingIsHere('v1')).toBe(true)
    const done = told.map((each) => each.done)
    expect(done).toEqual([...done].sort((a, b) => a - b))
    expect(told.at(-1)!.done).toBe(told.at(-1)!.total)
    expect(await packs.document<{ seed: string }>(pack, 2)).toEqual({ seed: 'stop 2 hall' })
    expect((await packs.file(pack.files.at(-1)!.sha256))!.type).toBe('audio/mpeg')
    expect((await packs.plan(KEY)).upToDate).toBe(true)
  })

  it('goes on where it broke, and fetches nothing twice', async () => {
    const total = bytesOf(server.versions.get('v1')!)
    server.breaksAfter = Math.floor(total / 2)
    await expect(packs.download(await packs.plan(KEY))).rejects.toThrow('network lost')
    expect((await packs.held())[0]!.version).toBeNull()

    server.breaksAfter = null
    const restarted = new Packs({ storage: packs.storage, fetch: server.fetch })
    await restarted.download(await restarted.plan(KEY))
    expect(await everythingIsHere('v1')).toBe(true)
    expect(server.sent).toBe(total)
  })

  it('counts as broken when the line is open and nothing comes', async () => {
    const hasty = new Packs({ storage: packs.storage, fetch: server.fetch, patience: 50 })
    server.breaksAfter = PIECE_BYTES
    server.hangs = true
    await expect(hasty.download(await hasty.plan(KEY))).rejects.toThrow(StalledError)

    server.breaksAfter = null
    await packs.download(await packs.plan(KEY))
    expect(await everythingIsHere('v1')).toBe(true)
    expect(server.sent).toBe(bytesOf(server.versions.get('v1')!))
  })

  it('is not held by who only asked for its size, and then misses what did not come', async () => {
    const { bytes } = await packs.plan(KEY)
    expect(await packs.held()).toEqual([])

    server.breaksAfter = Math.floor(bytes / 2)
    await expect(packs.download(await packs.plan(KEY))).rejects.toThrow()
    const plan = await packs.plan(KEY)
    const [pack] = await packs.held()
    expect(plan.missingBytes).toBe(bytes - server.sent)
    expect(await packs.begun(pack!)).toBe(server.sent)
  })

  it('goes on with a server that knows no parts', async () => {
    server.knowsParts = false
    server.breaksAfter = PIECE_BYTES + 5000
    await expect(packs.download(await packs.plan(KEY))).rejects.toThrow()
    server.breaksAfter = null
    await packs.download(await packs.plan(KEY))
    expect(await everythingIsHere('v1')).toBe(true)
  })

  it('stops when it is told to, and goes on later', async () => {
    const stop = new AbortController()
    const plan = await packs.plan(KEY)
    const told = (): void => stop.abort()
    await expect(packs.download(plan, { told, signal: stop.signal })).rejects.toThrow()
    await packs.download(await packs.plan(KEY))
    expect(await everythingIsHere('v1')).toBe(true)
  })

  it('keeps nothing whose hash is not the one that was promised', async () => {
    const [, , sound] = server.versions.get('v1')!
    server.contents.get(sound!.url)![5]! ^= 1
    await expect(packs.download(await packs.plan(KEY))).rejects.toThrow(WrongContentError)
    expect(await packs.file(sound!.sha256)).toBeNull()
    server.contents.get(sound!.url)![5]! ^= 1
    await packs.download(await packs.plan(KEY))
    expect(await everythingIsHere('v1')).toBe(true)
  })

  it('tells that a file is not served', async () => {
    server.contents.delete(server.versions.get('v1')![2]!.url)
    await expect(packs.download(await packs.plan(KEY))).rejects.toThrow(NotServedError)
  })

  it('tells why the server refuses', async () => {
    server.refusal = { status: 403, code: 'ticket_needed' }
    const trouble = await packs.plan(KEY).catch((error: unknown) => error)
    expect(trouble).toBeInstanceOf(PackRefusedError)
    expect((trouble as PackRefusedError).code).toBe('ticket_needed')
  })
})

describe('a newer version', () => {
  beforeEach(async () => {
    await packs.download(await packs.plan(KEY))
    server.publish('v2', { 1: 'gate', 2: 'hall, restored', 3: 'urns' })
    server.sent = 0
  })

  it('costs only what changed', async () => {
    const plan = await packs.plan(KEY)
    const stop = 900 + SOUND_BYTES
    expect(plan.missingBytes).toBeLessThan(2 * stop)
    await packs.download(plan)
    expect(server.sent).toBe(plan.missingBytes)
    expect(await everythingIsHere('v2')).toBe(true)
  })

  it('throws away what nobody needs any more', async () => {
    await packs.download(await packs.plan(KEY))
    const held = await packs.storage.held()
    expect(held).toEqual(new Set(server.versions.get('v2')!.map((file) => file.sha256)))
  })

  it('leaves the old one playable until all of it is here', async () => {
    server.breaksAfter = 50_000
    await expect(packs.download(await packs.plan(KEY))).rejects.toThrow()
    expect(await everythingIsHere('v1')).toBe(true)
    const [pack] = await packs.held()
    expect(pack!.version).toBe('v1')
    expect(await packs.document<{ seed: string }>(pack!, 2)).toEqual({ seed: 'stop 2 hall' })
  })
})

it('forgets a pack and keeps what another one shares', async () => {
  await packs.download(await packs.plan(KEY))
  const low: PackKey = { ...KEY, quality: 'low' }
  await packs.download(await packs.plan(low))
  await packs.forget(KEY)
  expect(await everythingIsHere('v1')).toBe(true)
  await packs.forget(low)
  expect(await packs.storage.held()).toEqual(new Set())
})

it('puts a list together from what is held and what changed', () => {
  const file = (sha256: string): PackFile => ({
    url: `/media/${sha256}.mp3`,
    sha256,
    bytes: 1,
    kind: 'sound',
    stop: 1,
  })
  const answer = { since: 'v1', files: [file('c')], removed: ['b'] } as unknown as Manifest
  const names = merged([file('a'), file('b')], answer).map((each) => each.sha256)
  expect(names).toEqual(['a', 'c'])
})
