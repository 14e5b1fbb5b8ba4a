/**
 * What every reactor does with handlers that are no protocol factories.
 *
 * @module
 */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { Duplex } from 'node:stream'
import type { ISocketHandler } from '@sennit/interfaces'
import { handler, lines } from '@sennit/protocol'
import { channels, type ConnectionCloseMessage, type ConnectionOpenMessage } from '@sennit/runtime'
import { AccumulatingProtocol } from '../accumulating-protocol.ts'
import { streamCase } from './stream-case.ts'
import { ClientKeeper, type Scene, type StreamSuite } from './stream-scene.ts'

/** A client that is connected to a port. */
async function clientOf(
  scene: Scene,
  port: Awaited<ReturnType<Scene['listen']>>,
): Promise<AccumulatingProtocol> {
  const client = new ClientKeeper(() => new AccumulatingProtocol())
  scene.connect(port, client)
  await scene.made.until(() => client.built[0]?.made === true)
  return client.first
}

/** The part of the suites for streams that is about stream handlers and socket handlers. */
export function streamHandlerConformance(suite: StreamSuite): void {
  const { kit, role } = suite
  const it = streamCase(suite)

  kit.describe(`${role}: what a port counts`, () => {
    it('counts what has come and gone over its connections, the living and the dead, by a protocol', async (scene) => {
      const server = new AccumulatingProtocol()
      const client = new AccumulatingProtocol()
      const { port, connector } = await scene.pair(client, server)
      assert.deepEqual([scene.fact(port, 'bytesRead'), scene.fact(port, 'bytesWritten')], [0, 0])
      client.transport.write(Buffer.alloc(77))
      await scene.made.until(() => scene.fact(port, 'bytesRead') === 77)
      server.transport.write(Buffer.alloc(1000))
      server.transport.write(Buffer.alloc(234))
      await scene.made.until(() => scene.fact(port, 'bytesWritten') === 1234)
      connector.disconnect()
      await scene.made.until(() => scene.fact(port, 'connections') === 0)
      assert.deepEqual([scene.fact(port, 'bytesRead'), scene.fact(port, 'bytesWritten')], [77, 1234])
    })

    it('counts what has come and gone, by a function', async (scene) => {
      const port = await scene.listen(
        handler(async (socket, { signal }) => {
          for await (const line of lines(socket, { signal })) socket.write(`hello ${line}\n`)
        }),
      )
      const [first, second] = [await clientOf(scene, port), await clientOf(scene, port)]
      first.transport.write(Buffer.from('a\n'))
      second.transport.write(Buffer.from('bc\n'))
      await scene.made.until(() => first.data.length === 8 && second.data.length === 9)
      assert.deepEqual([scene.fact(port, 'bytesRead'), scene.fact(port, 'bytesWritten')], [5, 17])
      first.transport.loseConnection()
      await scene.made.until(() => scene.fact(port, 'connections') === 1)
      assert.deepEqual([scene.fact(port, 'bytesRead'), scene.fact(port, 'bytesWritten')], [5, 17])
    })

    it('counts what has come and gone, by an existing server', async (scene) => {
      const server: ISocketHandler = {
        handleSocket(socket) {
          socket.on('data', (data: Buffer) => void socket.write(data))
          socket.on('end', () => socket.end('over'))
        },
      }
      const port = await scene.listen(server)
      const client = await clientOf(scene, port)
      client.transport.write(Buffer.alloc(500))
      await scene.made.until(() => client.data.length === 500)
      assert.deepEqual([scene.fact(port, 'bytesRead'), scene.fact(port, 'bytesWritten')], [500, 500])
      client.transport.loseConnection()
      await scene.made.until(() => scene.fact(port, 'connections') === 0)
      assert.deepEqual([scene.fact(port, 'bytesRead'), scene.fact(port, 'bytesWritten')], [500, 504])
    })
  })

  kit.describe(`${role}: what the diagnostics channels are told`, () => {
    /** Listens for as long as `what` takes. */
    async function listening(
      what: (told: { opened: ConnectionOpenMessage[]; closed: ConnectionCloseMessage[] }) => Promise<void>,
    ): Promise<void> {
      const told: { opened: ConnectionOpenMessage[]; closed: ConnectionCloseMessage[] } = {
        opened: [],
        closed: [],
      }
      const open = (message: ConnectionOpenMessage): void => void told.opened.push(message)
      const close = (message: ConnectionCloseMessage): void => void told.closed.push(message)
      channels.connectionOpen.subscribe(open)
      channels.connectionClose.subscribe(close)
      try {
        await what(told)
      } finally {
        channels.connectionOpen.unsubscribe(open)
        channels.connectionClose.unsubscribe(close)
      }
    }

    it('are told of both ends of a connection, and of their end', (scene) =>
      listening(async ({ opened, closed }) => {
        const [client, server] = [new AccumulatingProtocol(), new AccumulatingProtocol()]
        const { port } = await scene.pair(client, server)
        const isMine = ({ connection }: ConnectionOpenMessage): boolean =>
          connection === client.transport || connection === server.transport
        await scene.made.until(() => opened.filter(isMine).length === 2)
        const sides = new Map(opened.filter(isMine).map((message) => [message.side, message]))
        assert.equal(sides.get('server')!.connection, server.transport)
        assert.equal(sides.get('client')!.connection, client.transport)
        assert.equal(String(sides.get('client')!.peer), String(port.getHost()))
        assert.equal(sides.get('server')!.transport, sides.get('client')!.transport)
        client.transport.write(Buffer.alloc(10))
        await scene.made.until(() => server.data.length === 10)
        server.transport.loseConnection()
        await scene.made.until(() => closed.filter(isMine).length === 2)
        const ends = new Map(closed.filter(isMine).map((message) => [message.side, message]))
        assert.deepEqual([ends.get('server')!.bytesRead, ends.get('server')!.bytesWritten], [10, 0])
        assert.deepEqual([ends.get('client')!.bytesRead, ends.get('client')!.bytesWritten], [0, 10])
        assert.equal(ends.get('server')!.connection, server.transport)
        assert.equal(ends.get('server')!.reason.name, 'ConnectionDone')
      }))

    it('are told of connections that functions and existing servers have', (scene) =>
      listening(async ({ opened, closed }) => {
        const port = await scene.listen(handler(async (socket) => void socket.write('hello')))
        const client = await clientOf(scene, port)
        const ofServer = (messages: readonly ConnectionOpenMessage[]): readonly ConnectionOpenMessage[] =>
          messages.filter(({ side, host }) => side === 'server' && String(host) === String(port.getHost()))
        await scene.made.until(() => client.closed && ofServer(closed).length === 1)
        assert.equal((ofServer(closed)[0] as ConnectionCloseMessage).bytesWritten, 5)
        assert.equal(ofServer(opened).length, 1)

        const sockets: unknown[] = []
        const raw = await scene.listen({
          handleSocket(socket) {
            sockets.push(socket)
            socket.on('end', () => socket.end()).resume()
          },
        })
        const second = await clientOf(scene, raw)
        second.transport.write(Buffer.alloc(3))
        await scene.made.until(() => scene.fact(raw, 'bytesRead') === 3)
        second.transport.abortConnection()
        const cut = (): ConnectionCloseMessage | undefined =>
          closed.find(({ connection }) => connection === sockets[0])
        await scene.made.until(() => cut() !== undefined)
        assert.equal(cut()!.bytesRead, 3)
      }))
  })

  kit.describe(`${role}: stream handlers`, () => {
    it('serves each connection by the function, and ends it when that returns', async (scene) => {
      const port = await scene.listen(
        handler(async (socket, { signal }) => {
          for await (const line of lines(socket, { signal })) {
            socket.write(`hello ${line}\n`)
            if (line === 'b') return
          }
        }),
      )
      const client = await clientOf(scene, port)
      client.transport.write(Buffer.from('a\nb\n'))
      await scene.made.until(() => client.closed)
      assert.equal(client.data.toString(), 'hello a\nhello b\n')
      assert.equal(client.closedReason?.name, 'ConnectionDone')
      await scene.made.until(() => scene.fact(port, 'connections') === 0)
      assert.deepEqual(scene.log.messages('error'), [])
    })

    it('sends everything before it ends, also to a slow reader', async (scene) => {
      const size = 4 * 1024 * 1024
      const port = await scene.listen(
        handler(async (socket) => {
          await new Promise<void>((resolve) => {
            socket.write(Buffer.alloc(size), () => resolve())
          })
        }),
      )
      const client = await clientOf(scene, port)
      client.transport.pauseProducing()
      await scene.made.pass(0.05)
      client.transport.resumeProducing()
      await scene.made.until(() => client.closed)
      assert.equal(client.data.length, size)
    })

    it('reads to the end of what the other side sends', async (scene) => {
      let got = ''
      const port = await scene.listen(
        handler(async (socket) => {
          for await (const chunk of socket) got += String(chunk)
        }),
      )
      const client = await clientOf(scene, port)
      client.transport.write(Buffer.from('all of it'))
      client.transport.loseConnection()
      await scene.made.until(() => client.closed)
      await scene.made.until(() => scene.fact(port, 'connections') === 0)
      assert.equal(got, 'all of it')
    })

    it('cuts the connection when the function rejects, and logs it', async (scene) => {
      const error = new Error('boom')
      // After the first data, because one who is still connecting would not see the connection at all.
      const port = await scene.listen(
        handler((socket) => once(socket, 'data').then(() => Promise.reject(error))),
      )
      const client = await clientOf(scene, port)
      // What comes together with a reset, as the rest of a handshake may, hides it from Node.
      await scene.made.pass(0.02)
      client.transport.write(Buffer.from('x'))
      await scene.made.until(() => client.closed)
      assert.deepEqual(scene.log.errors(), [error])
      scene.assertCut(client.closedReason)
    })

    it('gives the addresses, the clock and the log', async (scene) => {
      let seen: object | undefined
      const port = await scene.listen(
        handler(async (_socket, { peer, host, clock, log }) => {
          seen = {
            peer: peer.type,
            host: host.toString(),
            clock: typeof clock.callLater,
            log: log === scene.log,
          }
        }),
      )
      const client = await clientOf(scene, port)
      await scene.made.until(() => client.closed)
      const { type } = port.getHost()
      assert.deepEqual(seen, { peer: type, host: port.getHost().toString(), clock: 'function', log: true })
    })

    it('aborts the signal when the port stops, and waits for the function', async (scene) => {
      const port = await scene.listen(
        handler(async (socket, { signal }) => {
          await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()))
          socket.write('bye')
        }),
      )
      const client = await clientOf(scene, port)
      await scene.made.until(() => scene.fact(port, 'connections') === 1)
      await scene.made.run(port.stopListening())
      await scene.made.until(() => client.closed)
      assert.equal(client.data.toString(), 'bye')
      assert.equal(client.closedReason?.name, 'ConnectionDone')
    })

    it("takes the signal's reason as a return", async (scene) => {
      const port = await scene.listen(
        handler(async (socket, { signal }) => {
          socket.write('hello\n')
          for await (const _line of lines(socket, { signal })) continue
        }),
      )
      const client = await clientOf(scene, port)
      await scene.made.until(() => client.data.length > 0)
      await scene.made.run(port.stopListening())
      await scene.made.until(() => client.closed)
      assert.equal(client.closedReason?.name, 'ConnectionDone')
      assert.deepEqual(scene.log.messages('error'), [])
    })

    it('cuts a function that does not return within the drain timeout', async (scene) => {
      const port = await scene.listen(
        handler(() => new Promise(() => {})),
        { drainTimeout: 0.1 },
      )
      const client = await clientOf(scene, port)
      await scene.made.until(() => scene.fact(port, 'connections') === 1)
      const start = scene.made.reactor.seconds()
      await scene.made.run(port.stopListening())
      assert.ok(scene.made.reactor.seconds() - start >= 0.1 - 1e-9)
      await scene.made.until(() => client.closed)
    })
  })

  kit.describe(`${role}: socket handlers`, () => {
    /** Keeps the sockets that it gets. */
    function keeper(serve: (socket: Duplex) => void): ISocketHandler & { readonly sockets: Duplex[] } {
      const sockets: Duplex[] = []
      return {
        sockets,
        handleSocket(socket) {
          sockets.push(socket)
          serve(socket)
        },
      }
    }

    it('hands the socket over', async (scene) => {
      const port = await scene.listen(keeper((socket) => socket.pipe(socket)))
      const client = await clientOf(scene, port)
      client.transport.write(Buffer.from('echo'))
      await scene.made.until(() => client.data.toString() === 'echo')
    })

    it('counts a socket until it is closed', async (scene) => {
      const kept = keeper((socket) => socket.resume())
      const port = await scene.listen(kept)
      const client = await clientOf(scene, port)
      await scene.made.until(() => scene.fact(port, 'connections') === 1)
      kept.sockets[0]!.end()
      client.transport.loseConnection()
      await scene.made.until(() => scene.fact(port, 'connections') === 0)
    })

    it('has the handler drain, and cuts what is left', async (scene) => {
      const kept = keeper((socket) => socket.resume())
      const drains: number[] = []
      const port = await scene.listen(
        Object.assign(kept, {
          drain(timeout: number) {
            drains.push(timeout)
          },
        }),
        { drainTimeout: 0.1 },
      )
      const client = await clientOf(scene, port)
      await scene.made.until(() => kept.sockets.length === 1)
      await scene.made.run(port.stopListening())
      assert.deepEqual(drains, [0.1])
      await scene.made.until(() => client.closed)
    })

    it('closes a socket whose handler throws, logs it, and goes on', async (scene) => {
      const error = new Error('boom')
      let calls = 0
      const port = await scene.listen(
        keeper((socket) => {
          if (calls++ === 0) throw error
          socket.end('fine')
        }),
      )
      const client = await clientOf(scene, port)
      await scene.made.until(() => client.closed)
      assert.deepEqual(scene.log.errors(), [error])
      const other = await clientOf(scene, port)
      await scene.made.until(() => other.data.toString() === 'fine')
    })
  })
}
