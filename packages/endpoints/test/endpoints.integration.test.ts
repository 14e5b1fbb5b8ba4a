import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { networkInterfaces } from 'node:os'
import { pipeline } from 'node:stream/promises'
import type { IAddress, IHostPort } from '@sennit/interfaces'
import { duplexFactory, Factory, handler, lines, Protocol } from '@sennit/protocol'
import { NodeReactor } from '@sennit/reactor'
import { MultiService } from '@sennit/service'
import { MemoryLog } from '@sennit/testing'
import { describe, expect, it } from 'vitest'
import { clientFromString, connectProtocol, listen, service, serverFromString } from '../src/index.ts'
import { Recorder } from './doubles.ts'

const echo = handler((socket) => pipeline(socket, socket))

const hasIPv6 = Object.values(networkInterfaces()).some((list) =>
  list?.some(({ address }) => address === '::1'),
)

function portOf(address: IAddress): number {
  return (address as IHostPort).port
}

/** What comes over a socket until it ends. */
async function textOf(socket: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = []
  for await (const chunk of socket) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}

/** A port on which nobody listens. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

describe('endpoints on real sockets', () => {
  const ways: [string, (port: number) => string][] = [
    ['tcp:0:interface=127.0.0.1', (port) => `tcp:127.0.0.1:${port}`],
    ['tcp:0:interface=127.0.0.1', (port) => `tcp:localhost:${port}:timeout=5s`],
    ['tcp:0:interface=127.0.0.1', (port) => `tcp:127.0.0.1:${port}:bindAddress=127.0.0.1`],
    ['tcp6:0:interface=[::1]', (port) => `tcp:[::1]:${port}`],
    ['tcp:0:interface=[::1]', (port) => `tcp6:[::1]:${port}`],
  ]
  const possible = ways.filter(([server]) => hasIPv6 || !server.includes('[::1]'))

  it.each(possible)('EP-79 talks from a client endpoint to %s', async (server, client) => {
    const port = await listen(server, echo)
    try {
      const socket = await clientFromString(client(portOf(port.getHost()))).connect(duplexFactory())
      socket.end('hello')
      expect(await textOf(socket)).toBe('hello')
    } finally {
      await port.stopListening()
    }
  })

  it('EP-03 connects a protocol that a factory builds, and EP-13 tells it when the connection is lost', async () => {
    const port = await listen('tcp:0:interface=127.0.0.1', echo)
    const endpoint = clientFromString(`tcp:127.0.0.1:${portOf(port.getHost())}`)
    const protocol = await endpoint.connect(Factory.forProtocol(Recorder))
    expect(protocol.events).toEqual(['made'])
    protocol.transport.write(Buffer.from('hello'))
    await expect.poll(() => protocol.events).toEqual(['made', 'hello'])
    protocol.transport.loseConnection()
    await expect.poll(() => protocol.events).toEqual(['made', 'hello', 'lost'])
    expect(protocol.lost).toMatchObject({ name: 'ConnectionDone' })
    await port.stopListening()
  })

  it('EP-06 rejects with what the system says', async () => {
    const endpoint = clientFromString(`tcp:127.0.0.1:${await freePort()}`)
    await expect(endpoint.connect(duplexFactory())).rejects.toMatchObject({
      name: 'ConnectionRefusedError',
      code: 'ECONNREFUSED',
    })
  })

  it('EP-07 closes the connection when the factory refuses it', async () => {
    let accepted: Socket | undefined
    const server = createServer((socket) => (accepted = socket)).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const endpoint = clientFromString(`tcp:127.0.0.1:${(server.address() as AddressInfo).port}`)
    const factory = Object.assign(new Factory(), { buildProtocol: () => undefined })
    await expect(endpoint.connect(factory)).rejects.toMatchObject({ code: 'ERR_SENNIT_NO_PROTOCOL' })
    await expect.poll(() => accepted).toBeDefined()
    accepted!.resume().on('error', () => {})
    if (!accepted!.destroyed) await once(accepted!, 'close')
    server.close()
  })

  it('EP-08 EP-09 leaves nothing behind when it is cancelled on its way', async () => {
    const sockets: Socket[] = []
    const server = createServer((socket) => sockets.push(socket.on('error', () => {}).resume())).listen(
      0,
      '127.0.0.1',
    )
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    for (let round = 0; round < 20; round++) {
      const controller = new AbortController()
      const connecting = clientFromString(`tcp:127.0.0.1:${port}`).connect(duplexFactory(), {
        signal: controller.signal,
      })
      for (let turn = 0; turn < round % 4; turn++) await new Promise((resolve) => setImmediate(resolve))
      controller.abort()
      await connecting.then(
        (socket) => socket.destroy(),
        (error: Error) => expect(error.name).toBe('ConnectingCancelledError'),
      )
    }
    await expect.poll(() => sockets.every(({ destroyed }) => destroyed)).toBe(true)
    server.close()
    await once(server, 'close')
  })

  it('EP-11 drops the connection when connectionMade throws', async () => {
    class Broken extends Protocol {
      override connectionMade(): void {
        throw new Error('no greeting')
      }
    }
    const lost: unknown[] = []
    const served = Factory.forProtocol(
      class extends Protocol {
        override connectionLost(reason: Error): void {
          lost.push(reason)
        }
      },
    )
    const port = await listen('tcp:0:interface=127.0.0.1', served)
    const endpoint = clientFromString(`tcp:127.0.0.1:${portOf(port.getHost())}`)
    await expect(connectProtocol(endpoint, new Broken())).rejects.toThrow('no greeting')
    await expect.poll(() => lost).toHaveLength(1)
    await port.stopListening()
  })
})

describe('a service on real sockets', () => {
  it('SE-01 accepts nothing into the handler before it is started', async () => {
    const peers: number[] = []
    const web = service(
      'tcp:0:interface=127.0.0.1',
      handler(async (socket, { peer }) => {
        peers.push(portOf(peer))
        await pipeline(socket, socket)
      }),
    )
    await web.privilegedStartService()
    const socket = connect(portOf(web.getHost()), '127.0.0.1')
    await once(socket, 'connect')
    socket.end('early')
    await new Promise((resolve) => setTimeout(resolve, 30))
    expect(peers).toEqual([])
    await web.startService()
    expect(await textOf(socket)).toBe('early')
    expect(peers).toHaveLength(1)
    await web.stopService()
  })

  it('SE-05 rejects its start when the port is taken, and takes what had started down again', async () => {
    const taken = createServer().listen(0, '127.0.0.1')
    await once(taken, 'listening')
    const { port } = taken.address() as AddressInfo
    const first = service('tcp:0:interface=127.0.0.1', echo)
    const second = service(`tcp:${port}:interface=127.0.0.1`, echo)
    await expect(new MultiService({}, [first, second]).startService()).rejects.toMatchObject({
      code: 'EADDRINUSE',
    })
    expect([first.running, second.running, first.port]).toEqual([false, false, undefined])
    taken.close()
  })

  it('SE-09 refuses connections after it has stopped, and SE-14 listens at the same port again', async () => {
    const port = await freePort()
    const web = service(`tcp:${port}:interface=127.0.0.1`, echo)
    const endpoint = clientFromString(`tcp:127.0.0.1:${port}`)
    for (let round = 0; round < 3; round++) {
      await web.privilegedStartService()
      await web.startService()
      const socket = await endpoint.connect(duplexFactory())
      socket.end('again')
      expect(await textOf(socket)).toBe('again')
      await web.stopService()
      await expect(endpoint.connect(duplexFactory())).rejects.toMatchObject({ code: 'ECONNREFUSED' })
    }
  })

  it('SE-10 frees the port when it is stopped while it binds', async () => {
    const port = await freePort()
    const web = service(`tcp:${port}:interface=127.0.0.1`, echo)
    for (let round = 0; round < 5; round++) {
      const starting = Promise.resolve(web.startService()).catch((error: Error) => error)
      await web.stopService()
      expect(await starting).toMatchObject({ code: 'ABORT_ERR' })
      expect(web.port).toBeUndefined()
    }
    await web.startService()
    expect(portOf(web.getHost())).toBe(port)
    await web.stopService()
  })

  it('SE-16 waits until the connections have ended when it stops, and cuts the rest', async () => {
    const ended: string[] = []
    const web = service(
      'tcp:0:interface=127.0.0.1',
      handler(async (socket, { signal }) => {
        for await (const line of lines(socket, { signal })) {
          ended.push(line)
          if (line === 'stay') await new Promise(() => {})
        }
      }),
      { drainTimeout: '100ms', log: new MemoryLog() },
    )
    await web.startService()
    const endpoint = clientFromString(`tcp:127.0.0.1:${portOf(web.getHost())}`)
    const polite = await endpoint.connect(duplexFactory())
    polite.write('go\n')
    const stubborn = await endpoint.connect(duplexFactory())
    stubborn.write('stay\n')
    await expect.poll(() => ended.toSorted()).toEqual(['go', 'stay'])
    expect(web.describe().facts).toMatchObject({ connections: 2 })
    const closed = [once(polite, 'close'), once(stubborn, 'close').catch(() => {})]
    polite.resume()
    stubborn.resume()
    await web.stopService()
    await Promise.all(closed)
    expect([polite.destroyed, stubborn.destroyed]).toEqual([true, true])
  })

  it('ST-04 listens at every type through a reactor of its own', async () => {
    const reactor = new NodeReactor()
    const port = await listen('tcp:0:interface=127.0.0.1', echo, { reactor, maxConnections: 1 })
    expect(portOf(port.getHost())).toBeGreaterThan(0)
    await port.stopListening()
    const endpoint = serverFromString('tcp:0:interface=127.0.0.1', { reactor })
    await (await endpoint.listen(echo)).stopListening()
  })
})
