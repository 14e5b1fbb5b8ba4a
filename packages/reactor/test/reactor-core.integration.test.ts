import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { DatagramProtocol, Factory, handler } from '@sennit/protocol'
import { Clock } from '@sennit/runtime'
import type { NodeReactor } from '../src/index.ts'
import {
  assertNothingLogged,
  Cleanup,
  LOCAL,
  logged,
  Recorder,
  RecordingFactory,
  type TestLog,
  turns,
  until,
} from './kit.ts'
import { SocketFolder } from './socket-folder.ts'

const folder = join(import.meta.dirname, '..')

describe('the core of NodeReactor', () => {
  let cleanup: Cleanup
  let reactor: NodeReactor
  let log: TestLog

  beforeEach(() => {
    cleanup = new Cleanup()
    ;({ reactor, log } = logged())
  })
  afterEach(async () => {
    await cleanup.run()
    assertNothingLogged(log)
  })

  it('RX-20 closes what is left with ConnectionLost: other programs see an end, and every port is free', async () => {
    const ran = reactor.run()
    const served = new RecordingFactory()
    const connecting = new RecordingFactory()
    const { number } = await cleanup.port(reactor.listenTCP(0, served, LOCAL))
    const udp = await cleanup.port(reactor.listenUDP(0, new DatagramProtocol(), LOCAL))
    const outside = await cleanup.server()
    const client = await cleanup.client(number)
    reactor.connectTCP('127.0.0.1', outside.number, connecting)
    await until(() => served.protocols.length === 1 && connecting.events.includes('made'))
    reactor.stop()
    await ran
    for (const { reason } of [served.protocol, connecting]) {
      expect(reason).toMatchObject({ name: 'ConnectionLost', code: 'ERR_SENNIT_CONNECTION_LOST' })
    }
    await until(() => client.ended)
    expect(client.error).toBeUndefined()
    expect(reactor.describe().children).toEqual([])
    const { reactor: other } = logged()
    await cleanup.port(other.listenTCP(number, served, LOCAL))
    await cleanup.port(other.listenUDP(udp.number, new DatagramProtocol(), LOCAL))
  })

  it('RX-20 what was about to listen does not outlive the shutdown', async () => {
    const factory = new RecordingFactory()
    const folder = new SocketFolder()
    cleanup.add(folder.dispose)
    const ran = reactor.run()
    let opening: Promise<unknown> | undefined
    reactor.addSystemEventTrigger('before', 'shutdown', () => {
      opening = reactor.listenUNIX(folder.path(), factory)
    })
    reactor.stop()
    await ran
    await expect(opening).rejects.toMatchObject({ name: 'CannotListenError', code: 'ECANCELED' })
    expect(factory.events).toEqual(['doStart', 'doStop'])
    expect(reactor.describe().children).toEqual([])
    expect(readdirSync(folder.folder)).toEqual([])
  })

  it('RX-20 cuts handlers of streams, and gives up attempts', async () => {
    const ran = reactor.run()
    let aborted = false
    const serving = handler(async (socket, { signal }) => {
      signal.addEventListener('abort', () => (aborted = true))
      await once(socket, 'close')
    })
    const { number } = await cleanup.port(reactor.listenTCP(0, serving, LOCAL))
    const client = await cleanup.client(number)
    const attempt = new RecordingFactory()
    reactor.addSystemEventTrigger('before', 'shutdown', () => {
      reactor.connectTCP('127.0.0.1', number, attempt)
    })
    reactor.stop()
    await ran
    await until(() => client.closed)
    expect([aborted, attempt.events]).toEqual([true, ['doStart', 'startedConnecting', 'failed', 'doStop']])
  })

  it('RX-20 a held port is closed with what waits for it', async () => {
    const ran = reactor.run()
    const factory = new RecordingFactory()
    const { number } = await cleanup.port(reactor.listenTCP(0, factory, { ...LOCAL, held: true }))
    const client = await cleanup.client(number)
    reactor.stop()
    await ran
    await until(() => client.ended)
    expect(factory.events).toEqual(['doStart', 'doStop'])
  })

  it('RX-21 leaves everything as it is when it crashes', async () => {
    const ran = reactor.run()
    const { number } = await cleanup.port(reactor.listenTCP(0, Factory.forProtocol(Recorder), LOCAL))
    const client = await cleanup.client(number)
    reactor.crash()
    await ran
    expect(reactor.describe().children).toHaveLength(1)
    expect(client.ended).toBe(false)
  })

  it.each([
    ['8 s', undefined, 8],
    ['its option', '3s', 3],
  ] as const)('RX-19 waits in its shutdown no longer than %s', async (_what, shutdownTimeout, limit) => {
    const clock = new Clock()
    ;({ reactor, log } = logged({ clock, shutdownTimeout }))
    let isOver = false
    const ran = reactor.run().then(() => (isOver = true))
    reactor.addSystemEventTrigger('before', 'shutdown', () => new Promise(() => {}))
    reactor.stop()
    await until(() => clock.getDelayedCalls().length > 0)
    clock.advance(limit - 0.001)
    await turns()
    expect(isOver).toBe(false)
    clock.advance(0.001)
    await ran
    expect(log.take()).toEqual([`warn: A shutdown no longer waits for what took longer than ${limit} s`])
  })

  it('RX-19 takes no time limit that is none', () => {
    expect(() => logged({ shutdownTimeout: -1 })).toThrow(
      expect.objectContaining({ code: 'ERR_SENNIT_DURATION' }),
    )
  })
})

describe('the core of NodeReactor in a process', { timeout: 60_000 }, () => {
  // Programs run what was built, as they do for users.
  beforeAll(() => {
    const builder = join(folder, '../../tools/build/build.js')
    execFileSync(process.execPath, [builder, folder], { stdio: 'inherit' })
  }, 180_000)

  async function execute(code: string): Promise<{ code: number | null; stdout: string; stderr: string }> {
    const prelude = `
      import { getReactor, NodeReactor } from '@sennit/reactor'
      const reactor = new NodeReactor()
      const say = (text) => process.stdout.write(text + '\\n')
    `
    const child = spawn(process.execPath, ['--input-type=module', '-e', prelude + code], { cwd: folder })
    let [stdout, stderr] = ['', '']
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
    const [exitCode] = (await once(child, 'close')) as [number | null]
    return { code: exitCode, stdout, stderr }
  }

  it('RX-12 keeps the process alive until it is stopped, and no longer', async () => {
    const { code, stdout, stderr } = await execute(`
      setTimeout(() => { say('stop'); reactor.stop() }, 300).unref()
      await reactor.run()
      say('over')
    `)
    expect([code, stdout, stderr]).toEqual([0, 'stop\nover\n', ''])
  })

  it('RX-20 the process ends after the shutdown, although ports and connections were open', async () => {
    const { code, stdout } = await execute(`
      import { connect } from 'node:net'
      import { Factory, Protocol, DatagramProtocol } from '@sennit/protocol'
      class Waiting extends Protocol {
        connectionMade() { reactor.stop() }
        connectionLost(reason) { say(reason.name) }
      }
      reactor.callWhenRunning(async () => {
        const port = await reactor.listenTCP(0, Factory.forProtocol(Waiting), { interface: '127.0.0.1' })
        await reactor.listenUDP(0, new DatagramProtocol(), { interface: '127.0.0.1' })
        await reactor.listenMulticast(0, new DatagramProtocol())
        connect(port.getHost().port, '127.0.0.1')
      })
      await reactor.run()
      say('over')
    `)
    expect([code, stdout]).toEqual([0, 'ConnectionLost\nover\n'])
  })

  it('files that are watched do not keep the process alive', async () => {
    const { code, stdout } = await execute(`
      reactor.watchFile('/etc/hostname', () => {}, { interval: '1h' })
      say('end')
    `)
    expect([code, stdout]).toEqual([0, 'end\n'])
  })
})
