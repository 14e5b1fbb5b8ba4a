import type { Socket } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type InternetAddress, internetAddress } from '@sennit/protocol'
import { Clock } from '@sennit/runtime'
import { AddressAttempt, type AddressAttemptOptions } from '../src/address-attempt.ts'
import { Cleanup, turns, until } from './kit.ts'

describe('AddressAttempt', () => {
  let cleanup: Cleanup
  let clock: Clock
  let told: unknown[]

  beforeEach(() => {
    cleanup = new Cleanup()
    clock = new Clock()
    told = []
  })
  afterEach(() => cleanup.run())

  function attempt(port: number, options: Partial<AddressAttemptOptions> = {}): AddressAttempt {
    const address = internetAddress('TCP', '127.0.0.1', port)
    return new AddressAttempt(
      address,
      { port, localAddress: undefined, localPort: 0, keepAliveDelay: undefined, clock, ...options },
      {
        connected(socket: Socket, address) {
          cleanup.add(() => socket.destroy())
          told.push(['connected', (address as InternetAddress).port, socket.listenerCount('error')])
        },
        failed(error: Error & { code?: string }) {
          told.push(['failed', error.code])
        },
      },
    )
  }

  it('yields the socket, with no listener of its own, and the address', async () => {
    const { number } = await cleanup.server(() => {})
    attempt(number)
    expect(told).toEqual([])
    await until(() => told.length > 0)
    expect(told).toEqual([['connected', number, 0]])
  })

  it('tells of a failure once', async () => {
    attempt(1)
    await until(() => told.length > 0)
    await turns(5)
    expect(told).toEqual([['failed', 'ECONNREFUSED']])
  })

  it('one that cannot even begin has failed a moment later', () => {
    attempt(1, { localAddress: 'nowhere' })
    expect(told).toEqual([])
    clock.advance(0)
    expect(told).toEqual([['failed', 'ERR_INVALID_IP_ADDRESS']])
  })

  it('tells nothing after cancel', async () => {
    attempt(1, { localAddress: 'nowhere' }).cancel()
    attempt(1).cancel()
    clock.advance(1)
    await turns(20)
    expect(told).toEqual([])
  })
})
