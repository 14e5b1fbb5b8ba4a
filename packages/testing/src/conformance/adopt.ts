/**
 * What every reactor does with sockets that somebody else has opened.
 *
 * @module
 */
import assert from 'node:assert/strict'
import type {
  IAddress,
  IHostPort,
  IListeningPort,
  IPathAddress,
  IReactorSocket,
  IReactorTCP,
  IReactorTime,
  IReactorUDP,
  IReactorUNIX,
  SocketFamily,
} from '@sennit/interfaces'
import type { ClientFactory } from '@sennit/protocol'
import { AccumulatingProtocol } from '../accumulating-protocol.ts'
import { adoptDatagramConformance } from './adopt-datagram.ts'
import { type ConformanceKit, type Maker, type Surroundings, caseWith } from './kit.ts'
import { ClientKeeper, Keeper, Story } from './stream-scene.ts'

/** What the suite for `IReactorSocket` is given. */
export interface AdoptSurroundings extends Surroundings {
  readonly reactor: IReactorTime & IReactorTCP & IReactorUDP & IReactorUNIX & IReactorSocket
  /** Opens a socket on a loopback address, or at a path, that listens, as somebody else: its descriptor and its address. */
  open(family: SocketFamily): Promise<{ readonly fd: number; readonly address: IAddress }>
  /** Binds a UDP socket to 127.0.0.1, as somebody else: its descriptor. */
  openUDP(): Promise<number>
  /** Listens as somebody else, has somebody connect, and yields the descriptor of the connection that was accepted. */
  accept(family: 'INET' | 'UNIX', connect: (to: IAddress) => void): Promise<number>
  /** A descriptor that nobody has. */
  readonly unused: number
}

const newServer = (story?: Story) => new Keeper(() => new AccumulatingProtocol(), story)
const newClient = () => new ClientKeeper(() => new AccumulatingProtocol())

/** Connects to an address of either kind. */
function connectTo({ reactor }: AdoptSurroundings, to: IAddress, factory: ClientFactory): void {
  if (to.type === 'UNIX') reactor.connectUNIX((to as IPathAddress).path, factory)
  else reactor.connectTCP((to as IHostPort).host, (to as IHostPort).port, factory)
}

/** The suite for the role `IReactorSocket`. */
export function adoptConformance(kit: ConformanceKit, make: Maker<AdoptSurroundings>): void {
  adoptDatagramConformance(kit, make)
  const it = caseWith(kit, make)

  async function stop(made: AdoptSurroundings, port: IListeningPort): Promise<void> {
    await made.run(port.stopListening())
  }

  kit.describe('IReactorSocket: a port', () => {
    for (const family of ['INET', 'INET6', 'UNIX'] as const) {
      it(`RX-30 is served, in the family ${family}`, async (made, log) => {
        const { fd, address } = await made.run(made.open(family))
        const story = new Story()
        const server = newServer(story)
        const port = await made.run(made.reactor.adoptStreamPort(fd, family, server, { context: { log } }))
        assert.equal(port.getHost().toString(), address.toString())
        assert.deepEqual(story.events, ['startFactory'])
        const client = newClient()
        connectTo(made, address, client)
        await made.until(() => client.built[0]?.made === true && server.built[0]?.made === true)
        client.first.transport.write(Buffer.from('hello'))
        await made.until(() => server.first.data.toString() === 'hello')
        client.first.transport.loseConnection()
        await made.until(() => server.first.closed)
        await stop(made, port)
        assert.equal(story.events.at(-1), 'stopFactory')
        assert.equal(port.stopListening(), undefined)
      })
    }

    it('RX-30 takes what has connected already, and can be held', async (made) => {
      const { fd, address } = await made.run(made.open('INET'))
      const client = newClient()
      connectTo(made, address, client)
      await made.until(() => client.built[0]?.made === true)
      const server = newServer()
      const port = await made.run(made.reactor.adoptStreamPort(fd, 'INET', server, { held: true }))
      await made.pass(0.02)
      assert.equal(server.built.length, 0)
      port.serve()
      await made.until(() => server.built[0]?.made === true)
      client.first.transport.loseConnection()
      await stop(made, port)
    })

    it('RX-30 is not taken when it is of another family, or of none that is known', async (made) => {
      const { fd } = await made.run(made.open('INET'))
      for (const family of ['INET6', 'UNIX', 'AX25'] as SocketFamily[]) {
        await assert.rejects(made.run(made.reactor.adoptStreamPort(fd, family, newServer())), {
          name: 'UnsupportedAddressFamily',
          code: 'ERR_SENNIT_ADDRESS_FAMILY',
        })
      }
      await stop(made, await made.run(made.reactor.adoptStreamPort(fd, 'INET', newServer())))
    })

    it('RX-30 fault 50: is not taken when it is no stream, does not listen, or is not there', async (made) => {
      await assert.rejects(
        made.run(made.reactor.adoptStreamPort(await made.run(made.openUDP()), 'INET', newServer())),
        {
          name: 'UnsupportedSocketType',
          code: 'ERR_SENNIT_SOCKET_TYPE',
        },
      )
      const client = newClient()
      const fd = await made.run(made.accept('INET', (to) => connectTo(made, to, client)))
      await made.until(() => client.built[0]?.made === true)
      await assert.rejects(made.run(made.reactor.adoptStreamPort(fd, 'INET', newServer())), {
        name: 'CannotListenError',
        code: 'EINVAL',
      })
      // It is still there.
      assert.ok(made.reactor.adoptStreamConnection(fd, 'INET', newServer()))
      client.first.transport.loseConnection()
      await made.until(() => client.loss !== undefined)
      await assert.rejects(made.run(made.reactor.adoptStreamPort(made.unused, 'INET', newServer())), {
        code: 'ERR_SENNIT_REACTOR_OPTION',
        option: 'fd',
      })
    })

    it('RX-30 is not taken by what is no handler', async (made) => {
      const { fd } = await made.run(made.open('INET'))
      await assert.rejects(
        made.run(made.reactor.adoptStreamPort(fd, 'INET', {} as Keeper<AccumulatingProtocol>)),
        {
          code: 'ERR_SENNIT_HANDLER',
        },
      )
      await stop(made, await made.run(made.reactor.adoptStreamPort(fd, 'INET', newServer())))
    })
  })

  kit.describe('IReactorSocket: a connection', () => {
    for (const family of ['INET', 'UNIX'] as const) {
      it(`RX-30 is served, in the family ${family}; its factory is neither started nor stopped`, async (made) => {
        const client = newClient()
        let address: IAddress | undefined
        const fd = await made.run(
          made.accept(family, (to) => {
            address = to
            connectTo(made, to, client)
          }),
        )
        await made.until(() => client.built[0]?.made === true)
        const story = new Story()
        const server = newServer(story)
        const transport = made.reactor.adoptStreamConnection(fd, family, server)
        assert.equal(transport, server.first.transport)
        assert.equal(transport!.getHost().toString(), address!.toString())
        assert.equal(transport!.getPeer().toString(), client.first.transport.getHost().toString())
        client.first.transport.write(Buffer.from('question'))
        await made.until(() => server.first.data.toString() === 'question')
        transport!.write(Buffer.from('answer'))
        transport!.loseConnection()
        await made.until(() => client.first.closed && server.first.closed)
        assert.equal(client.first.data.toString(), 'answer')
        assert.equal(server.first.closedReason?.name, 'ConnectionDone')
        assert.deepEqual(story.events, ['buildProtocol'])
      })
    }

    it('RX-30 is closed when the factory builds nothing', async (made) => {
      const client = newClient()
      const fd = await made.run(made.accept('INET', (to) => connectTo(made, to, client)))
      await made.until(() => client.built[0]?.made === true)
      assert.equal(made.reactor.adoptStreamConnection(fd, 'INET', new Keeper(() => undefined)), undefined)
      await made.until(() => client.first.closed)
    })

    it('RX-30 fault 50: is not taken when it listens, is no stream, is of another family, or is not there', async (made) => {
      const { fd } = await made.run(made.open('INET'))
      const udp = await made.run(made.openUDP())
      const refused: readonly (readonly [fd: number, family: SocketFamily, code: string])[] = [
        [fd, 'INET', 'ERR_SENNIT_REACTOR_OPTION'],
        [fd, 'UNIX', 'ERR_SENNIT_ADDRESS_FAMILY'],
        [udp, 'INET', 'ERR_SENNIT_SOCKET_TYPE'],
        [made.unused, 'INET', 'ERR_SENNIT_REACTOR_OPTION'],
      ]
      for (const [each, family, code] of refused) {
        assert.throws(() => made.reactor.adoptStreamConnection(each, family, newServer()), { code })
      }
      await stop(made, await made.run(made.reactor.adoptStreamPort(fd, 'INET', newServer())))
    })
  })
}
