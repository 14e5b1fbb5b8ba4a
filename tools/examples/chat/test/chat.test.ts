import { authority, MemoryLog, MemoryWorld, type WorldPeer } from '@sennit/testing'
import { beforeEach, describe, expect, it } from 'vitest'
import { application } from '../src/main.ts'
import { MAX_WAITING } from '../src/room.ts'

const ca = authority('A chat authority')
const { key, cert } = ca.issue('localhost', { names: ['localhost', '127.0.0.1'] })

let world: MemoryWorld
let log: MemoryLog
let app: ReturnType<typeof application>

/** The program in a world without real sockets; it waits for nothing. */
beforeEach(async () => {
  world = new MemoryWorld({ seed: 1, epoch: Date.now() / 1000 })
  world.writeFile('/server.pem', key + cert)
  app = application({ interface: '127.0.0.1', port: '7000', 'tls-port': '7001', key: '/server.pem' })
  log = new MemoryLog()
  app.log = log
  app.reactor = world
  await world.run(Promise.resolve(app.startService()))
})

async function enter(name: string, place: 'tcp' | 'tls' = 'tcp'): Promise<WorldPeer> {
  const peer = await world.run(
    place === 'tcp'
      ? world.connect('tcp:127.0.0.1:7000')
      : world.connect('tls:127.0.0.1:7001', { ca: ca.cert }),
  )
  peer.write(`${name}\n`)
  await world.run(peer.received(`* ${name} is here\n`))
  return peer
}

async function stop(): Promise<void> {
  await world.run(Promise.resolve(app.stopService()))
  world.assertQuiet()
}

describe('the chat', () => {
  it('brings those who came by TCP and those who came by TLS together', async () => {
    const ann = await enter('ann')
    const bob = await enter('bob', 'tls')
    ann.write('hello\n')
    await world.run(bob.received('ann: hello\n'))
    bob.write('hi\r\n')
    await world.run(ann.received('bob: hi\n'))
    expect(ann.text()).toBe('* Your nickname?\n* ann is here\n* bob is here\nann: hello\nbob: hi\n')
    await stop()
  })

  it('gives a nickname to one only, and again when it is free', async () => {
    const ann = await enter('ann')
    const other = await world.run(world.connect('tcp:127.0.0.1:7000'))
    other.write('ann\n')
    await world.run(other.received('* ann is here already'))
    other.write('no good name\n')
    await world.run(other.received('* A nickname has'))
    other.write('/who\n')
    await world.run(other.received(/A nickname has[^]*A nickname has/))
    ann.write('/quit\n')
    await world.until(() => ann.closed)
    other.write('ann\n')
    await world.run(other.received('* ann is here\n'))
    other.write('/who\n')
    await world.run(other.received('\n* ann\n'))
    expect(other.text().match(/is here\n/g)).toHaveLength(1)
    await stop()
  })

  it('tells the others when a connection breaks', async () => {
    const ann = await enter('ann')
    const bob = await enter('bob')
    bob.abort()
    await world.run(ann.received('* bob has left\n'))
    expect(bob.closed).toBe(true)
    await stop()
  })

  it('takes control characters out', async () => {
    const ann = await enter('ann')
    const bob = await enter('bob')
    bob.write('a\u001B[2Jb\u0007\n')
    await world.run(ann.received('bob: '))
    expect(ann.text().endsWith('bob: a[2Jb\n')).toBe(true)
    await stop()
  })

  it('ends the connection of who sends a line that is too long', async () => {
    const ann = await enter('ann')
    const bob = await enter('bob')
    bob.write('x'.repeat(5000))
    await world.run(ann.received('* bob has left\n'))
    expect(ann.text()).not.toContain('xxx')
    await stop()
  })

  it.each(['tcp', 'tls'] as const)('sends who does not read away (%s), and nobody else', async (place) => {
    const ann = await enter('ann')
    const slow = await enter('slow', place)
    slow.pause()
    const line = 'x'.repeat(4000)
    let sent = 0
    while (!ann.text().includes('* slow has left\n')) {
      if (sent > 2 * MAX_WAITING) throw new Error('it waits for ever')
      ann.write(`${line}\n`)
      sent += line.length
      await world.advance('10ms')
    }
    expect(sent).toBeGreaterThan(MAX_WAITING)
    expect(log.errors('debug')).toMatchObject([{ code: 'ERR_CHAT_SLOW_READER' }])
    expect(log.errors()).toEqual([])
    ann.write('still here\n')
    await world.run(ann.received('ann: still here\n'))
    await stop()
  })

  it('says goodbye when it stops, also to who has no nickname yet', async () => {
    const ann = await enter('ann')
    const bob = await enter('bob', 'tls')
    const nobody = await world.run(world.connect('tcp:127.0.0.1:7000'))
    await stop()
    for (const peer of [ann, bob, nobody]) {
      expect(peer.text().endsWith('* The server stops. Goodbye!\n')).toBe(true)
      expect(peer.reason).toMatchObject({ code: 'ERR_SENNIT_CONNECTION_DONE' })
    }
    expect(ann.text()).not.toContain('has left')
    expect(log.errors()).toEqual([])
  })
})
