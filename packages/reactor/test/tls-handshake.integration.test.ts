import type { Socket } from 'node:net'
import { connect, type TLSSocket } from 'node:tls'
import type { TLSServerOptions } from '@sennit/interfaces'
import { SSLError } from '@sennit/protocol'
import { Clock } from '@sennit/runtime'
import { afterEach, describe, expect, it } from 'vitest'
import { TLSAcceptor } from '../src/tls-acceptor.ts'
import type { Handshake, HandshakeOutcome } from '../src/tls-handshake.ts'
import { Cleanup, type Client, turns, until } from './kit.ts'
import { server, stranger, trust } from './tls-kit.ts'

const cleanup = new Cleanup()
afterEach(() => cleanup.run())

/** Keeps what it is told. */
class Outcome implements HandshakeOutcome {
  readonly told: string[] = []
  error: SSLError | undefined
  secured(_socket: TLSSocket): void {
    this.told.push('secured')
  }
  failed(error: SSLError): void {
    this.told.push('failed')
    this.error = error
  }
}

/** A handshake that has begun, and the client that may go on with it. */
async function begun(timeout = 10, tls: TLSServerOptions = server) {
  const clock = new Clock()
  const outcome = new Outcome()
  let handshake!: Handshake
  const { number } = await cleanup.server((socket) => {
    handshake = new TLSAcceptor('listen', tls).begin(socket, outcome, { clock, timeout })
  })
  const client: Client = await cleanup.client(number)
  await until(() => handshake)
  return { clock, outcome, handshake, client }
}

describe('a handshake', () => {
  it('is done when both sides agree, and leaves no call behind', async () => {
    const { clock, outcome, client } = await begun()
    connect({ socket: client.socket, host: '127.0.0.1', ...trust }).on('error', () => {})
    await until(() => outcome.told.length > 0)
    expect(outcome.told).toEqual(['secured'])
    expect(clock.getDelayedCalls()).toEqual([])
    client.socket.destroy()
    await turns()
    expect(outcome.told).toEqual(['secured'])
  })

  it('fails when its time is over, and closes the socket', async () => {
    const { clock, outcome, handshake, client } = await begun()
    clock.advance(9.99)
    expect(outcome.told).toEqual([])
    clock.advance(0.01)
    expect(outcome.told).toEqual(['failed'])
    expect(outcome.error).toMatchObject({
      name: 'SSLError',
      code: 'ERR_SENNIT_HANDSHAKE_TIMEOUT',
      message: 'Cannot connect securely: the handshake took longer than 10 s',
    })
    expect(handshake.socket.destroyed).toBe(true)
    await until(() => client.ended || client.closed)
    expect(outcome.told).toEqual(['failed'])
  })

  it('has all the time in the world when there is no limit', async () => {
    const { clock } = await begun(Infinity)
    expect(clock.getDelayedCalls()).toEqual([])
  })

  it.each<[how: string, go: (client: Client, socket: Socket) => void]>([
    ['ends', ({ socket }) => socket.end()],
    ['resets', ({ socket }) => socket.resetAndDestroy()],
    ['speaks something else', ({ socket }) => socket.write('EHLO there\r\n')],
    ['is cut here', (_client, socket) => socket.destroy()],
  ])('fails once when the other side %s', async (_how, go) => {
    const { clock, outcome, handshake, client } = await begun()
    go(client, handshake.socket)
    await until(() => outcome.told.length > 0 && handshake.socket.closed)
    await turns()
    expect(outcome.told).toEqual(['failed'])
    expect(outcome.error).toBeInstanceOf(SSLError)
    expect(clock.getDelayedCalls()).toEqual([])
  })

  it("says that it does not trust the other side's certificate", async () => {
    const asking = { ...server, requestCert: true, ca: trust.ca }
    const { outcome, client } = await begun(10, asking)
    const strange = stranger.issue('a stranger', { names: [] })
    connect({ socket: client.socket, host: '127.0.0.1', ...trust, ...strange }).on('error', () => {})
    await until(() => outcome.told.length > 0)
    expect(outcome.error?.code).toMatch(/^UNABLE_TO_/)
    expect(outcome.error?.message).toContain("the other side's certificate is not trusted")
  })

  it('tells nothing once it is cancelled', async () => {
    const { clock, outcome, handshake, client } = await begun()
    handshake.cancel()
    expect(clock.getDelayedCalls()).toEqual([])
    connect({ socket: client.socket, host: '127.0.0.1', ...trust }).on('error', () => {})
    await turns()
    handshake.socket.destroy()
    await until(() => handshake.socket.closed)
    await turns()
    expect(outcome.told).toEqual([])
  })
})
