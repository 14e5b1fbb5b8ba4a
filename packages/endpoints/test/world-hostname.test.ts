import type { Duplex } from 'node:stream'
import type { ConnectOptions, IListeningPort } from '@sennit/interfaces'
import { duplexFactory, handler } from '@sennit/protocol'
import { MemoryLog, MemoryWorld } from '@sennit/testing'
import { describe, expect, it } from 'vitest'
import { clientFromString } from '../src/from-string.ts'
import {
  HostnameEndpoint,
  type HostnameEndpointOptions,
  TCP6ClientEndpoint,
} from '../src/tcp-client-endpoint.ts'

/** A world with a name that has several addresses: those of machines that serve, refuse, or cannot be reached until `heal`. */
async function named(kinds: Readonly<Record<string, 'serves' | 'refuses' | 'silent'>>) {
  const log = new MemoryLog()
  const world = new MemoryWorld({ seed: 1, latency: '1ms', log })
  const reached: string[] = []
  const ports: IListeningPort[] = []
  for (const [address, kind] of Object.entries(kinds)) {
    const host = world.host(address, { addresses: [address] })
    if (kind === 'silent') world.partition(address)
    if (kind === 'refuses') continue
    const serve = handler(async (socket, { peer }) => {
      reached.push(`${address} from ${peer.toString().replace(/:\d+$/, '')}`)
      for await (const chunk of socket) void chunk
    })
    const local = address.includes(':') ? '::' : ''
    ports.push(await world.run(host.listenTCP(80, serve, { interface: local })))
  }
  world.names.set('db.example', Object.keys(kinds))
  const connect = (options?: HostnameEndpointOptions, connectOptions?: ConnectOptions) => {
    const began = world.seconds()
    const endpoint = new HostnameEndpoint('db.example', 80, { reactor: world, ...options })
    const outcome = world.run(endpoint.connect(duplexFactory(), connectOptions)).then(
      (socket) => ({ socket, error: undefined, took: world.seconds() - began }),
      (error: Error & { code?: string; errors?: Error[]; cause?: unknown }) => ({
        socket: undefined,
        error,
        took: world.seconds() - began,
      }),
    )
    return outcome
  }
  /** Lets what was sent to the silent machines arrive. */
  const heal = async () => {
    for (const [address, kind] of Object.entries(kinds)) if (kind === 'silent') world.heal(address)
    await world.advance('1s')
  }
  const close = async (socket?: Duplex) => {
    await world.advance('10ms')
    socket?.destroy()
    for (const port of ports) await world.run(port.stopListening())
    world.assertQuiet()
  }
  return { world, log, reached, connect, heal, close }
}

describe('HostnameEndpoint in a simulated world', () => {
  it('EP-26 EP-79 tries all addresses of both families, the families in turn, each in the order of the resolver', async () => {
    const { connect, reached, close } = await named({
      '192.0.2.1': 'silent',
      '192.0.2.2': 'serves',
      '2001:db8:5::1': 'silent',
      '2001:db8:5::2': 'serves',
    })
    const { socket, took } = await connect()
    // 192.0.2.1, 2001:db8:5::1, then 192.0.2.2.
    expect(took).toBeCloseTo(0.502, 2)
    await close(socket)
    expect(reached.map((each) => each.split(' ')[0])).toEqual(['192.0.2.2'])
  })

  it.each([
    [undefined, 0.25],
    ['100ms', 0.1],
    [1, 1],
  ] as const)(
    'EP-27 tries the next address after an attemptDelay of %s, while the earlier attempts stay',
    async (attemptDelay, delay) => {
      const { world, connect, close } = await named({
        '192.0.2.1': 'silent',
        '192.0.2.2': 'silent',
        '192.0.2.3': 'serves',
      })
      const connecting = connect({ attemptDelay })
      await world.advance(delay * 1.5)
      expect(world.pending()).not.toEqual([])
      const { socket, took } = await connecting
      expect(took).toBeGreaterThan(2 * delay)
      expect(took).toBeLessThan(2 * delay + 0.01)
      await close(socket)
    },
  )

  it('EP-28 the first success wins, and leaves no attempt and no timer', async () => {
    const { world, connect, reached, heal, close } = await named({
      '192.0.2.1': 'silent',
      '192.0.2.2': 'serves',
      '192.0.2.3': 'serves',
    })
    const { socket } = await connect()
    expect(world.getDelayedCalls()).toEqual([])
    await heal()
    await close(socket)
    expect(reached.map((each) => each.split(' ')[0])).toEqual(['192.0.2.2'])
  })

  it('EP-29 EP-30 fails only when every address has, with the errors of all', async () => {
    const { connect, close } = await named({
      '192.0.2.1': 'refuses',
      '2001:db8:5::1': 'refuses',
      '192.0.2.2': 'refuses',
    })
    const { error } = await connect()
    expect(error).toMatchObject({ name: 'ConnectionRefusedError', code: 'ECONNREFUSED' })
    const { errors } = error!.cause as AggregateError
    expect(errors.map((each: Error & { address?: string }) => each.address)).toEqual([
      '192.0.2.1',
      '2001:db8:5::1',
      '192.0.2.2',
    ])
    await close()
  })

  it('EP-31 a failure brings the next attempt forward', async () => {
    const { connect, close } = await named({
      '192.0.2.1': 'refuses',
      '192.0.2.2': 'refuses',
      '192.0.2.3': 'serves',
    })
    const { socket, took } = await connect()
    expect(took).toBeLessThan(0.02)
    await close(socket)
  })

  it('EP-32 the failure of the only address is told at once', async () => {
    const { connect, close } = await named({ '192.0.2.1': 'refuses' })
    const { error, took } = await connect()
    expect(error!.code).toBe('ECONNREFUSED')
    expect(took).toBeLessThan(0.02)
    await close()
  })

  it('EP-33 a name without addresses is a DNSLookupError that says which', async () => {
    const { world, connect, close } = await named({})
    world.names.fail('db.example')
    const { error } = await connect()
    expect(error).toMatchObject({ name: 'DNSLookupError', hostname: 'db.example' })
    expect(error!.message).toMatch(/"db.example"/)
    await close()
  })

  it('EP-34 ignores addresses that are neither IPv4 nor IPv6', async () => {
    const { world, connect, close } = await named({ '192.0.2.1': 'serves' })
    const real = world.nameResolver
    world.installNameResolver({
      resolveHostName: (receiver, name, options) =>
        real.resolveHostName(
          {
            resolutionBegan: (resolution) => receiver.resolutionBegan(resolution),
            addressResolved(address) {
              receiver.addressResolved({ ...address, type: 'APPLETALK', host: '65280.19' })
              receiver.addressResolved(address)
            },
            resolutionComplete: (error) => receiver.resolutionComplete(error),
          },
          name,
          options,
        ),
    })
    const { socket, took } = await connect()
    expect(took).toBeLessThan(0.02)
    await close(socket)
  })

  it.each(['in the first attempt', 'between two attempts', 'in several attempts'])(
    'EP-35 cancelling %s fails with the name, stops all attempts, and leaves no timer',
    async (when) => {
      const { world, connect, reached, heal, close } = await named({
        '192.0.2.1': 'silent',
        '192.0.2.2': 'silent',
      })
      const controller = new AbortController()
      const connecting = connect({}, { signal: controller.signal })
      await world.advance(
        { 'in the first attempt': 0.1, 'between two attempts': 0.25, 'in several attempts': 5 }[when]!,
      )
      controller.abort()
      const { error } = await connecting
      expect(error).toMatchObject({
        name: 'ConnectingCancelledError',
        address: { hostname: 'db.example', port: 80 },
      })
      expect(world.getDelayedCalls()).toEqual([])
      await heal()
      expect(reached).toEqual([])
      await close()
    },
  )

  it('EP-36 cancelling while the name is looked up is a cancellation', async () => {
    const { world, connect, close } = await named({ '192.0.2.1': 'serves' })
    world.names.set('db.example', ['192.0.2.1'], { delay: '10s' })
    const controller = new AbortController()
    const reason = new Error('enough')
    const connecting = connect({}, { signal: controller.signal })
    await world.advance('5s')
    controller.abort(reason)
    const { error, took } = await connecting
    expect(error).toMatchObject({ name: 'ConnectingCancelledError', code: 'ABORT_ERR', cause: reason })
    expect(took).toBeLessThan(5.1)
    await world.advance('10s')
    await close()
  })

  it.each([
    ['192.0.2.77', '192.0.2.77'],
    [['192.0.2.77', 0] as const, '192.0.2.77'],
  ])('EP-37 connects from the local address %j', async (bindAddress, from) => {
    const { world, connect, reached, close } = await named({
      '192.0.2.1': 'serves',
      '2001:db8:5::1': 'serves',
    })
    world.host('here', { addresses: ['192.0.2.70', '192.0.2.77', '2001:db8:5::77'] })
    const { socket } = await connect({ bindAddress })
    await close(socket)
    expect(reached).toEqual([`192.0.2.1 from tcp:${from}`])
  })

  it('EP-37 EP-38 has one timeout for all attempts, the lookup included', async () => {
    const { world, connect, close } = await named({ '192.0.2.1': 'silent', '192.0.2.2': 'silent' })
    world.names.set('db.example', ['192.0.2.1', '192.0.2.2'], { delay: '3s' })
    const { error, took } = await connect({ timeout: '5s' })
    expect(error).toMatchObject({ name: 'ConnectionTimeoutError', code: 'ETIMEDOUT' })
    expect(took).toBeCloseTo(5, 2)
    await close()
  })

  it('EP-38 gives up a lookup that never ends', async () => {
    const { world, connect, close } = await named({})
    world.names.set('db.example', ['192.0.2.1'], { delay: Infinity })
    const { error, took } = await connect()
    expect(error).toMatchObject({ name: 'ConnectionTimeoutError' })
    expect(took).toBeCloseTo(30, 2)
    await close()
  })

  it.each<[HostnameEndpointOptions, string]>([
    [{ family: 4 }, '192.0.2.1'],
    [{ family: 6 }, '2001:db8:5::1'],
  ])('EP-17 takes only the addresses of the family that it is told: %j', async (options, expected) => {
    const { connect, reached, close } = await named({ '192.0.2.1': 'serves', '2001:db8:5::1': 'serves' })
    const { socket } = await connect(options)
    await close(socket)
    expect(reached.map((each) => each.split(' ')[0])).toEqual([expected])
  })

  it('EP-17 a tcp6 client connects to a literal directly, and fails when the name has no IPv6 address', async () => {
    const { world, reached, close } = await named({ '2001:db8:5::1': 'serves', '192.0.2.1': 'serves' })
    const direct = clientFromString('tcp6:[2001:db8:5::1]:80', { reactor: world })
    const socket = await world.run(direct.connect(duplexFactory()))
    world.names.set('v4.example', ['192.0.2.1'])
    const none = clientFromString('tcp6:v4.example:80', { reactor: world })
    await expect(world.run(none.connect(duplexFactory()))).rejects.toMatchObject({ name: 'DNSLookupError' })
    await close(socket)
    expect(reached).toHaveLength(1)
  })

  it('EP-17 a tcp6 client tries all IPv6 addresses of a name, not only the first', async () => {
    const { world, reached, close } = await named({
      '192.0.2.1': 'serves',
      '2001:db8:5::1': 'refuses',
      '2001:db8:5::2': 'serves',
    })
    const endpoint = new TCP6ClientEndpoint('db.example', 80, { reactor: world })
    await close(await world.run(endpoint.connect(duplexFactory())))
    expect(reached.map((each) => each.split(' ')[0])).toEqual(['2001:db8:5::2'])
  })

  it('EP-39 looks a name with other letters up in its IDNA form', async () => {
    const { world, close } = await named({ '192.0.2.1': 'serves' })
    world.names.set('xn--bcher-kva.example', ['192.0.2.1'])
    const endpoint = new HostnameEndpoint('bücher.example', 80, { reactor: world })
    const socket = await world.run(endpoint.connect(duplexFactory()))
    expect(socket.connected).toBe(true)
    await close(socket)
  })

  it('EP-39 rejects a name that can be none, and looks nothing up', async () => {
    const { world, close } = await named({})
    for (const host of ['a b', 'ü/a', 'localhost\0.evil.example']) {
      const endpoint = new HostnameEndpoint(host, 80, { reactor: world })
      await expect(endpoint.connect(duplexFactory())).rejects.toMatchObject({
        code: 'ERR_SENNIT_ENDPOINT_OPTION',
        option: 'host',
      })
    }
    await close()
  })

  it('EP-41 a lookup that fails is an error of the attempt, and is not logged beside', async () => {
    const { world, log, connect, close } = await named({})
    world.names.fail('db.example', 'EAI_AGAIN')
    const { error } = await connect(undefined, { context: { log } })
    expect(error).toMatchObject({ name: 'DNSLookupError', code: 'EAI_AGAIN' })
    expect(log.events).toEqual([])
    await close()
  })
})
