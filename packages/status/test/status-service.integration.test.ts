import { execFileSync, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { request as httpRequest } from 'node:http'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { ClientService } from '@sennit/client'
import { CooperatorService } from '@sennit/cooperator'
import { clientFromString, service } from '@sennit/endpoints'
import { duplexFactory, handler, lines } from '@sennit/protocol'
import { getReactor } from '@sennit/reactor'
import { Application, hooks } from '@sennit/service'
import { MemoryLog } from '@sennit/testing'
import { TimerService } from '@sennit/timer'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type StatusDocument, StatusService, type StatusServiceOptions } from '../src/index.ts'

const schema = JSON.parse(readFileSync(join(import.meta.dirname, '../page/schema.json'), 'utf8')) as Record<
  string,
  unknown
>

const hasPromtool = spawnSync('promtool', ['--version']).error === undefined

let app: Application
let status: StatusService
let work: CooperatorService
let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sennit-status-'))
})

afterEach(async () => {
  await app.stopService()
  rmSync(folder, { recursive: true })
})

/** A program with a service of every kind; some of them in trouble. */
async function start(options: StatusServiceOptions = {}, endpoint = 'tcp:0'): Promise<void> {
  status = new StatusService(endpoint, { name: 'status', ...options })
  work = new CooperatorService({ name: 'work' })
  app = new Application('api', { log: new MemoryLog() }, [
    status,
    work,
    new ClientService(clientFromString('tcp:127.0.0.1:1'), duplexFactory(), { name: 'broker' }),
    new TimerService('50ms', () => {}, { name: 'flush' }),
    new TimerService(
      '1h',
      () => {
        throw new Error('cannot write "x"\nto \\disk')
      },
      { name: 'quote " back \\ line \n end' },
    ),
    service(
      'tcp:0:interface=127.0.0.1',
      handler(async (socket, { signal }) => {
        for await (const line of lines(socket, { signal })) socket.write(`${line}\n`)
      }),
      { name: 'echo' },
    ),
    hooks('twin', {}),
    hooks(undefined as never, {}),
    hooks(undefined as never, {}),
  ])
  await app.startService()
  work.cooperate(
    (function* () {
      for (;;) yield
    })(),
    { name: 'index' },
  )
}

const ask = (path: string): Promise<Response> => fetch(new URL(path, status.url))

describe('StatusService on a real socket', () => {
  it('tells what its schema says', async () => {
    await start()
    await wait(1200)
    const told = (await (await ask('tree.json')).json()) as StatusDocument
    const validate = new Ajv2020({ allErrors: true, strict: true, allowUnionTypes: true }).compile(schema)
    expect(validate(told), JSON.stringify(validate.errors)).toBe(true)
    expect(validate({ ...told, more: 1 })).toBe(false)
    expect(validate({ ...told, tree: { ...told.tree, since: 'now' } })).toBe(false)

    expect(told.process.pid).toBe(process.pid)
    expect(Math.abs(told.time - Date.now() / 1000)).toBeLessThan(5)
    expect(told.time - told.process.startedAt).toBeCloseTo(process.uptime(), 0)
    expect(told.eventLoop.history.length).toBeGreaterThanOrEqual(1)
    const facts = Object.fromEntries(told.tree.children.map((child) => [child.name, child.facts]))
    expect(facts['flush']!['runs']).toBeGreaterThan(5)
    expect(facts['broker']).toMatchObject({ cause: expect.stringContaining('ECONNREFUSED') as string })
    expect(told.tree.children.find(({ name }) => name === 'work')!.children[0]).toMatchObject({
      name: 'index',
      facts: { steps: expect.any(Number) as number },
    })
  })

  it.skipIf(!hasPromtool)('has metrics that promtool finds nothing wrong with', async () => {
    await start()
    await wait(1200)
    const response = await ask('metrics')
    const text = await response.text()
    expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8')
    for (const kind of ['listener', 'client', 'timer', 'service']) expect(text).toContain(`sennit_${kind}_`)
    const check = (input: string) => {
      const {
        status: code,
        stderr,
        stdout,
      } = spawnSync('promtool', ['check', 'metrics'], {
        input,
        encoding: 'utf8',
      })
      return { code, output: stdout + stderr }
    }
    expect(check(text)).toEqual({ code: 0, output: '' })
    // It would have found something.
    expect(check(`${text}${text}`).code).not.toBe(0)
    expect(check('runs 1\n').code).not.toBe(0)
  })

  it('measures how late the loop was', async () => {
    await start()
    await wait(200)
    const until = performance.now() + 300
    while (performance.now() < until);
    await wait(1300)
    const { eventLoop } = (await (await ask('tree.json')).json()) as StatusDocument
    const longest = Math.max(...eventLoop.history.map(({ max }) => max))
    expect(longest).toBeGreaterThan(0.2)
    expect(longest).toBeLessThan(2)
  })

  it('serves on a UNIX socket', async () => {
    const path = join(folder, 'status.sock')
    await start({}, `unix:${path}`)
    expect(status.url).toBeUndefined()
    const request = httpRequest({ socketPath: path, path: '/tree.json' }).end()
    const [response] = (await once(request, 'response')) as [NodeJS.ReadableStream & { statusCode: number }]
    let text = ''
    for await (const chunk of response) text += String(chunk)
    expect(response.statusCode).toBe(200)
    expect((JSON.parse(text) as StatusDocument).tree.name).toBe('api')
  })

  it('does not hold a stop that somebody watches, or has asked half a question', async () => {
    await start({ drainTimeout: '5s' })
    const watching = await ask('events')
    const { port, hostname } = new URL(status.url!)
    const half = connect(Number(port), hostname)
    await once(half, 'connect')
    const reader = watching.body!.getReader()
    expect(new TextDecoder().decode((await reader.read()).value)).toContain('data: {')
    const began = performance.now()
    await status.disownServiceParent()
    expect(performance.now() - began).toBeLessThan(1500)
    for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read());
    half.destroy()
  })

  it('cuts off one who watches and does not read', { timeout: 20_000 }, async () => {
    await start({ interval: '100ms' })
    for (let child = 0; child < 500; child++)
      await hooks(`child ${child} ${'x'.repeat(300)}`, {}).setServiceParent(app)
    const { port, hostname } = new URL(status.url!)
    const socket = connect(Number(port), hostname)
    socket.pause()
    socket.on('error', () => {})
    socket.write('GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n')
    const memory = process.memoryUsage().rss
    await wait(5000)
    expect(process.memoryUsage().rss - memory).toBeLessThan(100e6)
    expect((await ask('healthz')).status).toBe(200)
    socket.destroy()
  })

  it(
    'does not hold a stop, nor breaks it, when one who watches does not read',
    { timeout: 30_000 },
    async () => {
      await start({ interval: '100ms', drainTimeout: '20s' })
      for (let child = 0; child < 2000; child++)
        await hooks(`child ${child} ${'x'.repeat(400)}`, {}).setServiceParent(app)
      const { port, hostname } = new URL(status.url!)
      const socket = connect(Number(port), hostname)
      socket.pause()
      socket.on('error', () => {})
      socket.write('GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n')
      const sent = () => status.describe().facts['bytesWritten']
      await wait(500)
      for (let before = -1 as unknown; before !== sent(); await wait(700)) before = sent()
      expect(sent()).toBeGreaterThan(1e6)
      const began = performance.now()
      await status.disownServiceParent()
      expect(performance.now() - began).toBeLessThan(5000)
      // A document would be due by now.
      await wait(500)
      socket.destroy()
    },
  )

  it('keeps no answers for one who asks and asks, and does not read', async () => {
    await start()
    for (let child = 0; child < 2000; child++) await hooks(`child ${child}`, {}).setServiceParent(app)
    const { port, hostname } = new URL(status.url!)
    const socket = connect(Number(port), hostname)
    socket.pause()
    socket.on('error', () => {})
    await once(socket, 'connect')
    const memory = process.memoryUsage().rss
    socket.write('GET /tree.json HTTP/1.1\r\nHost: 1.1.1.1\r\n\r\n'.repeat(1500))
    await wait(1500)
    expect(process.memoryUsage().rss - memory).toBeLessThan(150e6)
    let text = ''
    socket
      .setEncoding('utf8')
      .on('data', (chunk: string) => (text += chunk))
      .resume()
    await once(socket, 'close')
    expect(text.match(/"format":1/g)).toHaveLength(1)
    expect(text).toContain('HTTP/1.1 400 Bad Request')
  })

  it('lets a process end that has nothing else to do, when it is told to', { timeout: 120_000 }, async () => {
    const package_ = join(import.meta.dirname, '..')
    const builder = join(import.meta.dirname, '../../../tools/build/build.js')
    execFileSync(process.execPath, [builder, package_], { stdio: 'inherit' })
    const program = `
      import { StatusService } from '@sennit/status'
      await new StatusService('tcp:0', { unref: true }).startService()
    `
    const began = performance.now()
    const { status: code } = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
      cwd: package_,
      timeout: 20_000,
      stdio: 'ignore',
    })
    expect([code, performance.now() - began < 20_000]).toEqual([0, true])
    await start()
  })

  it('does not keep on measuring when its port could not be opened', async () => {
    await start()
    const { port } = new URL(status.url!)
    const second = new StatusService(`tcp:${port}`, { log: new MemoryLog(), reactor: getReactor() })
    await expect(second.startService()).rejects.toMatchObject({ code: 'EADDRINUSE' })
    const before = getReactor().getDelayedCalls().length
    await expect(second.startService()).rejects.toMatchObject({ code: 'EADDRINUSE' })
    expect(getReactor().getDelayedCalls().length).toBe(before)
  })
})
