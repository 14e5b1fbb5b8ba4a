import dns from 'node:dns'
import { isIP, type Socket } from 'node:net'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type InternetAddress, internetAddress } from '@sennit/protocol'
import { Clock, systemClock } from '@sennit/runtime'
import { NameResolver } from '../src/name-resolver.ts'
import type { Attempt } from '../src/stream-connector.ts'
import { beginTCP, type TCPAttemptOptions } from '../src/tcp-attempt.ts'
import { Cleanup, deafPort, TestLog, turns, until } from './kit.ts'

describe('beginTCP', () => {
  let cleanup: Cleanup
  let connected: { socket: Socket; address: InternetAddress } | undefined
  let failed: (Error & { code?: string }) | undefined

  beforeEach(() => {
    cleanup = new Cleanup()
    connected = undefined
    failed = undefined
  })
  afterEach(async () => {
    vi.restoreAllMocks()
    await cleanup.run()
  })

  function attempt(host: string, port: number, options: Partial<TCPAttemptOptions> = {}): Attempt {
    const made = beginTCP(
      {
        host,
        port,
        address: isIP(host) === 0 ? undefined : internetAddress('TCP', host, port),
        family: undefined,
        attemptDelay: 0.25,
        names: { nameResolver: new NameResolver(new TestLog()) },
        localAddress: undefined,
        localPort: 0,
        keepAliveDelay: undefined,
        clock: systemClock,
        ...options,
      },
      {
        connected(socket, address) {
          cleanup.add(() => socket.destroy())
          connected = { socket, address: address as InternetAddress }
        },
        failed(error) {
          failed = error
        },
      },
    )
    cleanup.add(() => made.cancel())
    return made
  }

  /** A name that has these addresses. */
  function named(...addresses: string[]): { calls: unknown[] } {
    const calls: unknown[] = []
    vi.spyOn(dns, 'lookup').mockImplementation(((
      host: string,
      options: object,
      callback: (...args: unknown[]) => void,
    ) => {
      calls.push([host, options])
      setImmediate(() =>
        callback(
          null,
          addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
        ),
      )
    }) as never)
    return { calls }
  }

  it('connects to a literal without asking for a name', async () => {
    const { number } = await cleanup.server()
    const { calls } = named()
    attempt('127.0.0.1', number)
    expect(connected).toBeUndefined()
    await until(() => connected)
    expect(String(connected!.address)).toBe(`tcp:127.0.0.1:${number}`)
    expect(calls).toEqual([])
  })

  it('connects to a name, and tells the address that answered', async () => {
    const { number } = await cleanup.server()
    attempt('localhost', number, { family: 4 })
    await until(() => connected)
    expect(String(connected!.address)).toBe(`tcp:127.0.0.1:${number}`)
  })

  it.each([
    [{}, 0],
    [{ family: 6 }, 6],
    [{ family: 4 }, 4],
    [{ localAddress: '127.0.0.1' }, 4],
    [{ localAddress: '::1' }, 6],
  ] as const)('asks for the addresses of the family wanted, case %#', async (options, family) => {
    const { calls } = named('127.0.0.1')
    attempt('a.example', 1, options)
    expect(calls).toEqual([['a.example', { all: true, family }]])
  })

  it('fault 6: tries the next address when one fails, and keeps the order', async () => {
    const { number } = await cleanup.server()
    named('127.0.0.2', '127.0.0.3', '127.0.0.1')
    attempt('a.example', number)
    await until(() => connected)
    expect(connected!.address.host).toBe('127.0.0.1')
    expect(failed).toBeUndefined()
  })

  it('fault 6: tells all errors when every address fails', async () => {
    named('127.0.0.2', '127.0.0.3')
    attempt('a.example', 1)
    await until(() => failed)
    expect(failed).toBeInstanceOf(AggregateError)
    expect((failed as AggregateError).errors).toMatchObject([
      { code: 'ECONNREFUSED' },
      { code: 'ECONNREFUSED' },
    ])
  })

  it('tells the one error when there is one address', async () => {
    attempt('127.0.0.1', 1)
    await until(() => failed)
    expect(failed).toMatchObject({ code: 'ECONNREFUSED', address: '127.0.0.1', port: 1 })
  })

  it('EP-33 tells that a name is not known, and what the system says', async () => {
    vi.spyOn(dns, 'lookup').mockImplementation(((
      _host: string,
      _options: object,
      callback: (error: Error) => void,
    ) => {
      setImmediate(() => callback(Object.assign(new Error('queryA ENOTFOUND'), { code: 'ENOTFOUND' })))
    }) as never)
    attempt('a.example', 1)
    await until(() => failed)
    expect(failed).toMatchObject({ name: 'DNSLookupError', code: 'ENOTFOUND', hostname: 'a.example' })
  })

  it('fault 6: an address that does not answer delays the next by 250 ms, and is given up when that answers', async () => {
    const clock = new Clock()
    const { number } = await cleanup.server()
    await deafPort(cleanup, '127.0.0.2', number)
    named('127.0.0.2', '127.0.0.2', '127.0.0.1')
    attempt('a.example', number, { clock })
    await until(() => clock.getDelayedCalls().length === 1)
    clock.advance('249ms')
    clock.advance('1ms')
    clock.advance('249ms')
    await turns()
    expect(connected).toBeUndefined()
    const connecting = () =>
      process.getActiveResourcesInfo().filter((kind) => kind.endsWith('ConnectWrap')).length
    const before = connecting()
    clock.advance('1ms')
    await until(() => connected)
    expect(connected!.address.host).toBe('127.0.0.1')
    await until(() => connecting() === before - 2)
    expect(clock.getDelayedCalls()).toEqual([])
  })

  it('fault 6: an address that takes longer than 250 ms to answer can still be reached', async () => {
    const clock = new Clock()
    const far = await deafPort(cleanup, '127.0.0.2')
    await deafPort(cleanup, '127.0.0.3', far.number)
    named('127.0.0.2', '127.0.0.3')
    attempt('a.example', far.number, { clock })
    await until(() => clock.getDelayedCalls().length === 1)
    clock.pump(['250ms', '1h'])
    await turns()
    far.open()
    await until(() => connected)
    expect(connected!.address.host).toBe('127.0.0.2')
  })

  it('a fixed local port tries one address at a time', async () => {
    const clock = new Clock()
    const free = await cleanup.server()
    free.server.close()
    const { number } = await cleanup.server()
    const local = { clock, localAddress: '127.0.0.1', localPort: free.number }
    await deafPort(cleanup, '127.0.0.2', number)
    named('127.0.0.2', '127.0.0.1')
    attempt('a.example', number, local).cancel()
    attempt('a.example', number, local)
    await turns(50)
    expect(clock.getDelayedCalls()).toEqual([])
    expect(connected).toBeUndefined()
    named('127.0.0.3', '127.0.0.1')
    attempt('a.example', number, { ...local, localPort: 0 })
    await until(() => connected)
  })

  it('what was told by a failure is told once: the next address has its own 250 ms', async () => {
    const clock = new Clock()
    const { number } = await deafPort(cleanup, '127.0.0.2')
    named('127.0.0.3', '127.0.0.2', '127.0.0.2', '127.0.0.2')
    attempt('a.example', number, { clock })
    await until(() => clock.getDelayedCalls().length === 1)
    clock.advance('100ms')
    await turns(50)
    expect(clock.getDelayedCalls()).toHaveLength(1)
    expect(clock.getDelayedCalls()[0]!.getTime()).toBeLessThanOrEqual(0.35)
  })

  it('the families of a name are tried in turn', async () => {
    const clock = new Clock()
    const { number } = await cleanup.server(undefined, '::1')
    await deafPort(cleanup, '127.0.0.2', number)
    named('127.0.0.2', '127.0.0.2', '::1')
    attempt('a.example', number, { clock })
    await until(() => clock.getDelayedCalls().length === 1)
    clock.advance('250ms')
    await until(() => connected)
    expect(connected!.address.host).toBe('::1')
  })

  it('EP-33 a name without an address fails with a DNSLookupError that names it', async () => {
    named()
    attempt('a.example', 1)
    await until(() => failed)
    expect(failed).toMatchObject({ name: 'DNSLookupError', hostname: 'a.example' })
  })

  it('after cancel nothing is told, and what is on its way is closed', async () => {
    let accepted = 0
    let closed = 0
    const { number } = await cleanup.server((socket) => {
      accepted++
      socket
        .resume()
        .on('close', () => closed++)
        .on('end', () => socket.end())
    })
    attempt('127.0.0.1', number).cancel()
    attempt('127.0.0.1', 1).cancel()
    named('127.0.0.1')
    attempt('a.example', number).cancel()
    await turns(50)
    await until(() => closed === accepted)
    expect({ connected, failed }).toEqual({ connected: undefined, failed: undefined })
  })
})
