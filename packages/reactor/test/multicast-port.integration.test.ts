import { createSocket, Socket } from 'node:dgram'
import { once } from 'node:events'
import { networkInterfaces } from 'node:os'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type {
  IHostPort,
  IInspectable,
  IMulticastScope,
  IMulticastTransport,
  MulticastListenOptions,
} from '@sennit/interfaces'
import { DatagramProtocol } from '@sennit/protocol'
import type { NodeReactor } from '../src/index.ts'
import { assertNothingLogged, Cleanup, logged, type TestLog, until } from './kit.ts'

const GROUP = '239.255.78.1'
const GROUP6 = 'ff02::114:1'
const LOOPBACK = '127.0.0.1'

type Transport = IMulticastTransport & IMulticastScope & IInspectable

class Recorder extends DatagramProtocol<IMulticastTransport & IMulticastScope> {
  readonly texts: string[] = []
  override datagramReceived(data: Uint8Array): void {
    this.texts.push(Buffer.from(data).toString())
  }
}

describe('MulticastPort', () => {
  let cleanup: Cleanup
  let reactor: NodeReactor
  let log: TestLog

  beforeEach(() => {
    cleanup = new Cleanup()
    ;({ reactor, log } = logged())
  })
  afterEach(async () => {
    vi.restoreAllMocks()
    await cleanup.run()
    assertNothingLogged(log)
  })

  async function listen(
    options: MulticastListenOptions = {},
    number = 0,
  ): Promise<{ transport: Transport; protocol: Recorder; number: number }> {
    const protocol = new Recorder()
    const { port } = await cleanup.port(reactor.listenMulticast(number, protocol, options))
    return {
      transport: protocol.transport as Transport,
      protocol,
      number: (port.getHost() as IHostPort).port,
    }
  }

  /** A plain socket, and what it got. */
  async function plain(
    number = 0,
    reuseAddr = false,
  ): Promise<{ socket: Socket; number: number; got: string[] }> {
    const socket = createSocket({ type: 'udp4', reuseAddr })
    cleanup.add(() => socket.close())
    const got: string[] = []
    socket.on('message', (data) => got.push(String(data)))
    socket.bind(number)
    await once(socket, 'listening')
    return { socket, number: socket.address().port, got }
  }

  it('PR-31 hears what other programs send to a group, and they hear what it sends', async () => {
    const { transport, protocol, number } = await listen()
    const other = await plain()
    other.socket.setMulticastInterface(LOOPBACK)
    other.socket.addMembership(GROUP, LOOPBACK)
    transport.setOutgoingInterface(LOOPBACK)
    await transport.joinGroup(GROUP, LOOPBACK)
    other.socket.send('to the port', number, GROUP)
    await until(() => protocol.texts.length > 0)
    transport.write(Buffer.from('to the other'), { host: GROUP, port: other.number })
    await until(() => other.got.length > 0)
    expect([protocol.texts, other.got]).toEqual([['to the port'], ['to the other']])
  })

  it('PR-31 RX-29 shares a port with another program when it is told to', async () => {
    const { transport, protocol, number } = await listen({ listenMultiple: true })
    const other = await plain(number, true)
    for (const join of [transport.joinGroup(GROUP, LOOPBACK), other.socket.addMembership(GROUP, LOOPBACK)]) {
      await join
    }
    const sender = await plain()
    sender.socket.setMulticastInterface(LOOPBACK)
    sender.socket.send('both', number, GROUP)
    await until(() => protocol.texts.length > 0 && other.got.length > 0)
    expect([protocol.texts, other.got]).toEqual([['both'], ['both']])
  })

  it('PR-31 fault 28: no other program can take the datagrams of a port that does not share', async () => {
    const { number } = await listen()
    const thief = createSocket({ type: 'udp4', reuseAddr: true }).bind(number)
    const [error] = (await once(thief, 'error')) as [NodeJS.ErrnoException]
    thief.close()
    expect(error.code).toBe('EADDRINUSE')
  })

  it('PR-31 tells the system what is set', async () => {
    const told: unknown[][] = []
    for (const method of ['setMulticastTTL', 'setMulticastLoopback', 'setMulticastInterface'] as const) {
      const original = Socket.prototype[method] as (this: Socket, value: unknown) => unknown
      vi.spyOn(Socket.prototype, method).mockImplementation(function (this: Socket, value: unknown) {
        told.push([method, value])
        return original.call(this, value) as never
      })
    }
    const { transport } = await listen()
    transport.setTTL(5)
    transport.setLoopbackMode(false)
    transport.setOutgoingInterface(LOOPBACK)
    transport.setOutgoingInterface('')
    expect(transport.getOutgoingInterface()).toBe('')
    expect(told).toEqual([
      ['setMulticastTTL', 5],
      ['setMulticastLoopback', false],
      ['setMulticastInterface', LOOPBACK],
      ['setMulticastInterface', '0.0.0.0'],
    ])
  })

  it('PR-31 can be set when it is stopped; it has no effect', async () => {
    const { transport } = await listen()
    await transport.stopListening()
    transport.setTTL(9)
    transport.setLoopbackMode(false)
    transport.setOutgoingInterface(LOOPBACK)
    expect([transport.getTTL(), transport.getLoopbackMode(), transport.getOutgoingInterface()]).toEqual([
      9,
      false,
      LOOPBACK,
    ])
  })

  it.each([
    ['join', 'joinGroup', 'ENODEV', '192.0.2.99'],
    ['leave', 'leaveGroup', 'EADDRNOTAVAIL', LOOPBACK],
  ] as const)(
    'PR-31 fault 29: what the system says of %s is a MulticastJoinError',
    async (action, method, code, on) => {
      const { transport } = await listen()
      await expect(transport[method](GROUP, on)).rejects.toMatchObject({
        name: 'MulticastJoinError',
        code,
        group: GROUP,
        interface: on,
        message: expect.stringContaining(`Cannot ${action} the group ${GROUP} on ${on}`) as string,
        cause: { code },
      })
    },
  )

  it('PR-31 fault 29: what cannot be sent for want of a way is counted, and logged', async () => {
    const { transport } = await listen()
    vi.spyOn(Socket.prototype, 'send').mockImplementation((...args: unknown[]) => {
      const error = Object.assign(new Error(`send ENETUNREACH ${GROUP}`), { code: 'ENETUNREACH' })
      queueMicrotask(() => (args.at(-1) as (error: Error) => void)(error))
    })
    transport.write(Buffer.from('x'), { host: GROUP, port: 9 })
    await until(() => transport.describe().facts['failures'] === 1)
    expect(log.take()).toEqual(['warn: A datagram could not be sent'])
  })

  it('describes itself', async () => {
    const { transport, number } = await listen()
    expect(transport.describe()).toMatchObject({
      kind: 'MulticastPort',
      state: 'serving',
      facts: { address: `udp:0.0.0.0:${number}`, received: 0 },
    })
  })

  describe('on IPv6', () => {
    const ALL = { interface: '::' } as const
    /** The name of the interface that every machine has. */
    const loopback = Object.entries(networkInterfaces()).find(([, addresses = []]) =>
      addresses.some(({ address }) => address === '::1'),
    )?.[0]

    it('PR-31 takes an interface by its name or by its address, which are one', async () => {
      const { transport } = await listen(ALL)
      await transport.joinGroup(GROUP6, `::%${loopback}`)
      await expect(transport.joinGroup(GROUP6, '::1')).rejects.toMatchObject({ code: 'EADDRINUSE' })
      await transport.leaveGroup(GROUP6, '::1')
      await transport.joinGroup(GROUP6, `fe80::1%${loopback}`)
      transport.setOutgoingInterface('::1')
      expect(transport.getOutgoingInterface()).toBe('::1')
      transport.setOutgoingInterface('')
    })

    it('PR-31 refuses an interface that is not there, where the system would take another one', async () => {
      const { transport } = await listen(ALL)
      for (const on of ['::%nothing', '2001:db8::99']) {
        await expect(transport.joinGroup(GROUP6, on)).rejects.toMatchObject({
          name: 'MulticastJoinError',
          code: 'ENODEV',
          interface: on,
        })
        expect(() => transport.setOutgoingInterface(on)).toThrow(
          expect.objectContaining({ name: 'InvalidAddressError' }),
        )
      }
    })

    it.each(['239.255.78.1', '::1', 'fe80::1', 'localhost'])('PR-31 refuses the group %j', async (group) => {
      const { transport } = await listen(ALL)
      await expect(transport.joinGroup(group)).rejects.toMatchObject({
        name: 'MulticastJoinError',
        code: 'ERR_SENNIT_INVALID_ADDRESS',
        group,
      })
    })

    it('PR-31 hears what is sent to a group, where an interface carries it', async () => {
      const { transport, protocol, number } = await listen(ALL)
      // The loopback interface carries no groups of IPv6 on Linux: then the system says so.
      const outside = Object.entries(networkInterfaces()).find(([, addresses = []]) =>
        addresses.some(({ address }) => address.startsWith('fe80')),
      )?.[0]
      const scope = outside ?? loopback
      await transport.joinGroup(GROUP6, `::%${scope}`)
      transport.write(Buffer.from('hello'), { host: `${GROUP6}%${scope}`, port: number })
      await until(() => protocol.texts.length > 0 || transport.describe().facts['failures'] === 1)
      if (protocol.texts.length > 0) expect(protocol.texts).toEqual(['hello'])
      else expect(log.take()).toEqual(['warn: A datagram could not be sent'])
    })
  })
})
