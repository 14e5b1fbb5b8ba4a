import { createSocket, Socket } from 'node:dgram'
import { once } from 'node:events'
import { afterEach, beforeEach, describe, expect, it, type MockInstance, vi } from 'vitest'
import type {
  IHostPort,
  IInspectable,
  IListeningPort,
  IUDPTransport,
  UDPListenOptions,
} from '@sennit/interfaces'
import { DatagramProtocol, HostnameAddress, IPv4Address, IPv6Address } from '@sennit/protocol'
import { deferLater, systemClock } from '@sennit/runtime'
import type { NodeReactor } from '../src/index.ts'
import { assertNothingLogged, Cleanup, LOCAL, logged, type TestLog, turns, until } from './kit.ts'

class Recorder extends DatagramProtocol {
  readonly events: string[] = []
  readonly received: { data: Uint8Array; from: IHostPort }[] = []
  onDatagram: ((data: Uint8Array, from: IHostPort) => void) | undefined

  get texts(): string[] {
    return this.received.map(({ data }) => Buffer.from(data).toString())
  }

  override startProtocol(): void {
    this.events.push('start')
  }

  override stopProtocol(): void {
    this.events.push('stop')
  }

  override datagramReceived(data: Uint8Array, from: IHostPort): void {
    this.received.push({ data, from })
    this.onDatagram?.(data, from)
  }

  override connectionRefused(): void {
    this.events.push('refused')
  }
}

describe('UDPPort', () => {
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
    options: UDPListenOptions = {},
    protocol: Recorder = new Recorder(),
  ): Promise<{
    port: IListeningPort & IInspectable & IUDPTransport
    number: number
    protocol: Recorder
    here: IPv4Address
  }> {
    const { port, number } = await cleanup.port(reactor.listenUDP(0, protocol, { ...LOCAL, ...options }))
    return {
      port: port as IListeningPort & IInspectable & IUDPTransport,
      number,
      protocol,
      here: new IPv4Address('UDP', '127.0.0.1', number),
    }
  }

  async function plain(): Promise<{ socket: Socket; number: number; got: string[] }> {
    const socket = createSocket('udp4')
    const got: string[] = []
    socket.on('message', (data) => got.push(String(data)))
    socket.bind(0, '127.0.0.1')
    await once(socket, 'listening')
    cleanup.add(() => socket.close())
    return { socket, number: socket.address().port, got }
  }

  it('RX-29 PR-24 receives datagrams with the address of the sender; port 0 picks a free one', async () => {
    const { protocol, number, port } = await listen()
    expect(port.getHost()).toEqual(new IPv4Address('UDP', '127.0.0.1', number))
    const { socket, number: from } = await plain()
    socket.send('one', number, '127.0.0.1')
    socket.send('two', number, '127.0.0.1')
    await until(() => protocol.received.length === 2)
    expect(protocol.texts).toEqual(['one', 'two'])
    expect(protocol.received[0]!.from).toEqual(new IPv4Address('UDP', '127.0.0.1', from))
  })

  it('PR-29 answers where a datagram came from', async () => {
    const { protocol, number } = await listen()
    protocol.onDatagram = (data, from) => protocol.transport.write(data, from)
    const { socket, got } = await plain()
    socket.send('echo', number, '127.0.0.1')
    await until(() => got.length === 1)
    expect(got).toEqual(['echo'])
  })

  it('PR-29 works over IPv6', async () => {
    const a = new Recorder()
    const b = new Recorder()
    const here = await listen({ interface: '::1' }, a)
    const there = await listen({ interface: '::1' }, b)
    expect(here.port.getHost()).toEqual(new IPv6Address('UDP', '::1', here.number))
    b.onDatagram = (data, from) => b.transport.write(data, from)
    here.port.write(Buffer.from('six'), { host: '::1', port: there.number })
    await until(() => a.received.length === 1)
    expect(a.texts).toEqual(['six'])
    expect(a.received[0]!.from).toEqual(new IPv6Address('UDP', '::1', there.number))
    expect(() => here.port.write(Buffer.from('x'), { host: '127.0.0.1', port: 1 })).toThrow(
      expect.objectContaining({ code: 'ERR_SENNIT_INVALID_ADDRESS' }),
    )
  })

  it.each([
    ['a name', { host: 'localhost', port: 1 }],
    ['a name, as an address', new HostnameAddress('localhost', 1)],
    ['IPv6 on an IPv4 port', { host: '::1', port: 1 }],
    ['a short form', { host: '127.1', port: 1 }],
    ['an empty host', { host: '', port: 1 }],
    ['port 0', { host: '127.0.0.1', port: 0 }],
    ['a port that is none', { host: '127.0.0.1', port: 65_536 }],
    ['a port that is no number', { host: '127.0.0.1', port: '1' as never }],
    ['no address', undefined],
  ])('PR-29 refuses to write to %s', async (_, address) => {
    const { port } = await listen()
    expect(() => port.write(Buffer.from('x'), address)).toThrow(
      expect.objectContaining({ name: 'InvalidAddressError', code: 'ERR_SENNIT_INVALID_ADDRESS' }),
    )
  })

  it('PR-29 an address that was refused is refused again after one that was not', async () => {
    const { port, here } = await listen()
    port.write(Buffer.from('x'), here)
    expect(() => port.write(Buffer.from('x'), { host: 'localhost', port: 1 })).toThrow(TypeError)
    expect(() => port.write(Buffer.from('x'), { host: 'localhost', port: 1 })).toThrow(TypeError)
  })

  it.each(['text', 1, null, undefined, ['x']])(
    'PR-12 refuses to write what is no bytes, case %#',
    async (data) => {
      const { port, here } = await listen()
      expect(() => port.write(data as never, here)).toThrow(
        expect.objectContaining({ code: 'ERR_SENNIT_BYTES' }),
      )
    },
  )

  it('PR-29 fault 27: a datagram that is too long is a MessageLengthError, thrown to who writes', async () => {
    const { port, protocol, here } = await listen({ maxPacketSize: 65_535 })
    expect(() => port.write(Buffer.alloc(65_508), here)).toThrow(
      expect.objectContaining({
        name: 'MessageLengthError',
        code: 'ERR_SENNIT_MESSAGE_LENGTH',
        length: 65_508,
      }),
    )
    port.write(Buffer.alloc(65_507), here)
    await until(() => protocol.received.length === 1)
    expect(protocol.received[0]!.data).toHaveLength(65_507)
  })

  it('PR-29 an error of datagramReceived is logged, and the port goes on', async () => {
    const { port, protocol, here } = await listen()
    const error = new Error('broken')
    protocol.onDatagram = (data) => {
      if (String(data) === 'bad') throw error
    }
    port.write(Buffer.from('bad'), here)
    port.write(Buffer.from('good'), here)
    await until(() => protocol.received.length === 2)
    expect(log.entries).toEqual([{ level: 'error', err: error, message: 'datagramReceived threw' }])
    log.take()
  })

  it('PR-29 connect fixes the peer: write needs no address, and others are not heard', async () => {
    const { port, protocol, number } = await listen()
    const peer = await plain()
    const other = await plain()
    port.connect('127.0.0.1', peer.number)
    port.write(Buffer.from('a'))
    port.write(Buffer.from('b'), { host: '127.0.0.1', port: peer.number })
    await until(() => peer.got.length === 2)
    other.socket.send('other', number, '127.0.0.1')
    peer.socket.send('peer', number, '127.0.0.1')
    await until(() => protocol.received.length > 0)
    await turns()
    expect(protocol.texts).toEqual(['peer'])
    expect(() => port.write(Buffer.from('x'), { host: '127.0.0.1', port: other.number })).toThrow(
      expect.objectContaining({ code: 'ERR_SENNIT_INVALID_ADDRESS' }),
    )
  })

  it('PR-29 connect refuses names, wrong families and a second peer', async () => {
    const { port } = await listen()
    const invalid = expect.objectContaining({ code: 'ERR_SENNIT_INVALID_ADDRESS' }) as Error
    expect(() => port.connect('localhost', 1)).toThrow(invalid)
    expect(() => port.connect('::1', 1)).toThrow(invalid)
    expect(() => port.connect('127.0.0.1', 0)).toThrow(invalid)
    const peer = await plain()
    port.connect('127.0.0.1', peer.number)
    expect(() => port.connect('127.0.0.1', peer.number)).toThrow(
      expect.objectContaining({ name: 'AlreadyConnectedError', code: 'ERR_SENNIT_ALREADY_CONNECTED' }),
    )
  })

  it('PR-29 a peer that the system refuses is a ConnectError, and the port goes on', async () => {
    const { port, protocol, here } = await listen()
    expect(() => port.connect('255.255.255.255', 9)).toThrow(
      expect.objectContaining({ name: 'ConnectError' }),
    )
    await turns()
    expect(log.take()).toEqual(['warn: A datagram could not be sent'])
    port.write(Buffer.from('still here'), here)
    await until(() => protocol.received.length === 1)
  })

  it('PR-29 fault 26: a connected peer that does not listen is told as connectionRefused; the port lives on', async () => {
    const { port, protocol, number } = await listen()
    const peer = createSocket('udp4').bind(0, '127.0.0.1')
    await once(peer, 'listening')
    const { port: peerPort } = peer.address()
    peer.close()
    await once(peer, 'close')
    port.connect('127.0.0.1', peerPort)
    port.write(Buffer.from('anybody?'))
    await until(() => protocol.events.includes('refused'))
    const back = createSocket('udp4').bind(peerPort, '127.0.0.1')
    await once(back, 'listening')
    cleanup.add(() => back.close())
    back.send('here', number, '127.0.0.1')
    await until(() => protocol.received.length === 1)
    expect(protocol.texts).toEqual(['here'])
  })

  it('fault 26: an unconnected port hears nothing of a port that is closed', async () => {
    const { port, protocol } = await listen()
    const { server, number } = await cleanup.server()
    server.close()
    for (let i = 0; i < 5; i++) port.write(Buffer.from('x'), { host: '127.0.0.1', port: number })
    await turns(50)
    expect(protocol.events).toEqual(['start'])
  })

  it('what the system cannot send is counted, and logged once in a row', async () => {
    const { port, here, protocol } = await listen()
    const broadcast = { host: '255.255.255.255', port: 9 }
    port.write(Buffer.from('x'), broadcast)
    await until(() => port.describe().facts['failures'] === 1)
    for (let i = 0; i < 5; i++) port.write(Buffer.from('x'), broadcast)
    await until(() => port.describe().facts['failures'] === 6)
    expect(log.entries).toMatchObject([{ level: 'warn', message: 'A datagram could not be sent' }])
    expect(port.describe().error).toBe(log.entries[0]!.err?.message)
    log.take()
    port.write(Buffer.from('x'), here)
    await until(() => protocol.received.length === 1)
    await deferLater(systemClock, '20ms')
    port.write(Buffer.from('x'), broadcast)
    await until(() => port.describe().facts['failures'] === 7)
    expect(log.take()).toEqual(['warn: A datagram could not be sent'])
  })

  it('PR-29 fault 27: what the system called too long once is refused from then on', async () => {
    const { port, protocol, here } = await listen({ maxPacketSize: 65_507 })
    // Systems other than Linux carry less than UDP could.
    const original = Socket.prototype.send as unknown as (...args: unknown[]) => void
    vi.spyOn(Socket.prototype, 'send').mockImplementation(function (this: Socket, ...args: unknown[]) {
      if ((args[0] as Uint8Array).byteLength <= 20_000) return original.apply(this, args)
      const error = Object.assign(new Error('send EMSGSIZE'), { code: 'EMSGSIZE' })
      process.nextTick(args.at(-1) as (error: Error) => void, error)
    })
    for (let i = 0; i < 10; i++) port.write(Buffer.from('x'), here)
    port.write(Buffer.alloc(25_000), here)
    await until(() => port.describe().facts['failures'] === 1)
    expect(log.entries).toMatchObject([
      { level: 'warn', err: { name: 'MessageLengthError', length: 25_000 } },
    ])
    log.take()
    for (const length of [25_000, 30_000]) {
      expect(() => port.write(Buffer.alloc(length), here)).toThrow(
        expect.objectContaining({ code: 'ERR_SENNIT_MESSAGE_LENGTH', length }),
      )
    }
    port.write(Buffer.alloc(20_000), here)
    await until(() => protocol.received.length === 11)
  })

  it('PR-29 refuses an address without a host', async () => {
    const { port } = await listen()
    const address = { port: 9 } as unknown as IHostPort
    expect(() => port.write(Buffer.from('x'), address)).toThrow(
      expect.objectContaining({ code: 'ERR_SENNIT_INVALID_ADDRESS' }),
    )
  })

  it('of many datagrams in a row, the system is asked about some', async () => {
    const { port, protocol, here } = await listen()
    const send = vi.spyOn(Socket.prototype, 'send') as unknown as MockInstance<(...args: unknown[]) => void>
    const asked = () => send.mock.calls.filter((args) => typeof args.at(-1) === 'function').length
    for (let i = 0; i < 100; i++) port.write(Buffer.from('x'), here)
    expect(send).toHaveBeenCalledTimes(100)
    expect(asked()).toBeGreaterThan(0)
    expect(asked()).toBeLessThan(50)
    await until(() => protocol.received.length > 0)
    const before = asked()
    await deferLater(systemClock, '20ms')
    port.write(Buffer.from('x'), here)
    expect(asked()).toBe(before + 1)
  })

  it('RX-29 longer datagrams than maxPacketSize are dropped, and counted', async () => {
    const { port, protocol, here } = await listen({ maxPacketSize: 10 })
    port.write(Buffer.alloc(11), here)
    port.write(Buffer.alloc(10), here)
    await until(() => protocol.received.length === 1)
    expect(protocol.received[0]!.data).toHaveLength(10)
    expect(port.describe().facts).toMatchObject({ received: 1, dropped: 1, sent: 2 })
  })

  it('RX-29 maxPacketSize is 8192 unless told otherwise', async () => {
    const { port, protocol, here } = await listen()
    port.write(Buffer.alloc(8193), here)
    port.write(Buffer.alloc(8192), here)
    await until(() => protocol.received.length === 1)
    expect(protocol.received[0]!.data).toHaveLength(8192)
  })

  it('a held port drops and counts datagrams, and has no protocol, until serve()', async () => {
    const { port, protocol, number } = await listen({ held: true })
    const { socket } = await plain()
    socket.send('early', number, '127.0.0.1')
    await until(() => port.describe().facts['dropped'] === 1)
    expect(protocol.events).toEqual([])
    port.serve()
    port.serve()
    expect(protocol.events).toEqual(['start'])
    expect(protocol.transport).toBe(port)
    socket.send('now', number, '127.0.0.1')
    await until(() => protocol.received.length === 1)
    expect(protocol.texts).toEqual(['now'])
  })

  it('a held port that stops never touches its protocol', async () => {
    const { port, protocol } = await listen({ held: true })
    protocol.doStop = () => protocol.events.push('doStop')
    await port.stopListening()
    port.serve()
    expect(protocol.events).toEqual([])
  })

  it('PR-30 doStop has run when the promise of stopListening settles; stopped again returns nothing', async () => {
    const { port, protocol, here } = await listen()
    const stopped = port.stopListening()
    const again = port.stopListening()
    expect(stopped).toBeInstanceOf(Promise)
    expect(protocol.events).toEqual(['start'])
    port.write(Buffer.from('ignored'), here)
    await stopped
    await again
    expect(protocol.events).toEqual(['start', 'stop'])
    expect(port.stopListening()).toBeUndefined()
  })

  it('PR-30 stopListening may be called from inside datagramReceived', async () => {
    const { port, protocol, here } = await listen()
    protocol.onDatagram = () => void protocol.transport.stopListening()
    for (let i = 0; i < 5; i++) port.write(Buffer.from('x'), here)
    await until(() => protocol.events.includes('stop'))
    expect(protocol.received).toHaveLength(1)
  })

  it('RX-29 one call listens on one family only', async () => {
    const six = await listen({ interface: '::' })
    const protocol = new Recorder()
    await cleanup.port(reactor.listenUDP(six.number, protocol))
    const { socket } = await plain()
    socket.send('by IPv4', six.number, '127.0.0.1')
    await until(() => protocol.received.length > 0)
    expect(six.protocol.received).toEqual([])
  })

  it('fault 28: a program that wants to share a port cannot take the datagrams of one that does not', async () => {
    const { number } = await listen()
    const thief = createSocket({ type: 'udp4', reuseAddr: true }).bind(number, '127.0.0.1')
    const [error] = (await once(thief, 'error')) as [NodeJS.ErrnoException]
    thief.close()
    expect(error.code).toBe('EADDRINUSE')
  })

  it('PR-22 fault 28: a busy port is a CannotListenError, and its datagrams stay where they were', async () => {
    const { number, protocol, port, here } = await listen()
    const other = new Recorder()
    await expect(reactor.listenUDP(number, other, LOCAL)).rejects.toMatchObject({
      name: 'CannotListenError',
      code: 'EADDRINUSE',
      interface: '127.0.0.1',
      port: number,
    })
    expect(other.events).toEqual([])
    port.write(Buffer.from('mine'), here)
    await until(() => protocol.received.length === 1)
    expect(other.received).toEqual([])
  })

  it.each([
    [-1, {}, 'port'],
    [65_536, {}, 'port'],
    ['53', {}, 'port'],
    [0, { interface: 'localhost' }, 'interface'],
    [0, { maxPacketSize: 0 }, 'maxPacketSize'],
  ])('refuses port %j with %j', async (port, options, option) => {
    await expect(reactor.listenUDP(port as number, new Recorder(), options)).rejects.toMatchObject({
      code: 'ERR_SENNIT_REACTOR_OPTION',
      option,
    })
  })

  it('a signal gives the bind up', async () => {
    const reason = new Error('no longer wanted')
    const protocol = new Recorder()
    await expect(
      reactor.listenUDP(0, protocol, { ...LOCAL, signal: AbortSignal.abort(reason) }),
    ).rejects.toBe(reason)
    const controller = new AbortController()
    const opening = reactor.listenUDP(0, protocol, { ...LOCAL, signal: controller.signal })
    controller.abort(reason)
    await expect(opening).rejects.toBe(reason)
    expect(protocol.events).toEqual([])
  })

  it('an error of startProtocol closes the port and rejects', async () => {
    const protocol = new Recorder()
    const error = new Error('broken')
    protocol.startProtocol = () => {
      throw error
    }
    await expect(reactor.listenUDP(0, protocol, LOCAL)).rejects.toBe(error)
    expect(reactor.describe().children).toEqual([])
  })

  it('fault 35: an error of stopProtocol or connectionRefused is logged', async () => {
    const { port, protocol } = await listen()
    const { server, number } = await cleanup.server()
    server.close()
    protocol.connectionRefused = () => {
      throw new Error('broken')
    }
    protocol.stopProtocol = () => {
      throw new Error('broken')
    }
    port.connect('127.0.0.1', number)
    port.write(Buffer.from('x'))
    await until(() => log.entries.length === 1)
    await port.stopListening()
    expect(log.take()).toEqual(['error: connectionRefused threw', 'error: doStop threw'])
  })

  it('lets the process end when it is told to', async () => {
    const alive = () => process.getActiveResourcesInfo().filter((kind) => kind === 'UDPWrap').length
    const before = alive()
    await listen({ unref: true })
    expect(alive()).toBe(before)
    await listen()
    expect(alive()).toBe(before + 1)
  })

  it('describes itself', async () => {
    const { port, number } = await listen({ held: true })
    expect(port.describe()).toEqual({
      kind: 'UDPPort',
      name: undefined,
      state: 'held',
      since: expect.any(Number) as number,
      error: undefined,
      facts: { address: `udp:127.0.0.1:${number}`, received: 0, dropped: 0, sent: 0, failures: 0 },
      children: [],
    })
    port.serve()
    expect(port.describe().state).toBe('serving')
    expect(reactor.describe().children).toMatchObject([{ kind: 'UDPPort' }])
    await port.stopListening()
    expect(port.describe().state).toBe('stopped')
    expect(reactor.describe().children).toEqual([])
  })
})
