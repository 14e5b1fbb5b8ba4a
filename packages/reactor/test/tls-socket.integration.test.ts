import { once } from 'node:events'
import { connect as connectTCP, type Socket } from 'node:net'
import { connect, type TLSSocket } from 'node:tls'
import { Duplex } from 'node:stream'
import { systemClock } from '@sennit/runtime'
import { afterEach, describe, expect, it } from 'vitest'
import { TLSAcceptor } from '../src/tls-acceptor.ts'
import { failWhenTruncated, isSecure, isTruncated, tlsInfoOf } from '../src/tls-socket.ts'
import { Cleanup, turns, until } from './kit.ts'
import { server, trust, VERSIONS } from './tls-kit.ts'

const cleanup = new Cleanup()
afterEach(() => cleanup.run())

const acceptor = new TLSAcceptor('listen', server)

/** What a client of TLS speaks through, which can keep what is sent, to send it in one. */
class Tunnel extends Duplex {
  raw: Socket | undefined
  #held: Buffer[] | undefined

  hold(): void {
    this.#held = []
  }

  release(): void {
    this.raw!.write(Buffer.concat(this.#held!))
  }

  override _read(): void {}

  override _write(chunk: Buffer, _encoding: string, callback: () => void): void {
    if (this.#held === undefined) this.raw!.write(chunk)
    else this.#held.push(chunk)
    callback()
  }
}

/** A socket that was completed, the client of Node at its other side, and the sockets underneath. */
async function pair(version: 'TLSv1.2' | 'TLSv1.3' = 'TLSv1.3', tunnel?: Tunnel) {
  let below!: Socket
  let secure: TLSSocket | undefined
  const { number } = await cleanup.server((socket) => {
    below = socket
    const outcome = {
      secured: (socket: TLSSocket) => (secure = socket),
      failed: (error: Error) => expect.fail(error.message),
    }
    acceptor.begin(socket, outcome, { clock: systemClock, timeout: Infinity })
  })
  const raw = connectTCP({ port: number, host: '127.0.0.1', allowHalfOpen: true })
  if (tunnel !== undefined) {
    tunnel.raw = raw
    raw.on('data', (chunk) => tunnel.push(chunk))
  }
  const socket = tunnel ?? raw
  const peer = connect({ socket, host: '127.0.0.1', ...trust, maxVersion: version })
  peer.on('error', () => {})
  peer.resume()
  cleanup.add(() => raw.destroy())
  await until(() => secure)
  return { secure: secure!, below, raw, peer }
}

/** Ends the connection underneath, without a word in the encrypted stream. */
function endBelow(raw: Socket): void {
  raw.end()
}

/** What a stream yields, and what it fails with. */
async function readAll(
  stream: AsyncIterable<unknown>,
): Promise<{ length: number; code: string | undefined }> {
  let length = 0
  try {
    for await (const chunk of stream) length += (chunk as Buffer).length
  } catch (error) {
    return { length, code: (error as { code?: string }).code }
  }
  return { length, code: undefined }
}

describe.each(VERSIONS)('an encrypted socket, over %s', (version) => {
  it('tells an end that was said from one that was not', async () => {
    for (const isSaid of [true, false]) {
      const { secure, raw, peer } = await pair(version)
      secure.resume()
      await new Promise((resolve) => peer.write(Buffer.alloc(100_000), resolve))
      if (isSaid) peer.end()
      else endBelow(raw)
      await once(secure, 'end')
      expect(isTruncated(secure)).toBe(!isSaid)
      secure.destroy()
    }
  })

  it('tells them apart when it was not read for a while', async () => {
    for (const isSaid of [true, false]) {
      const { secure, raw, peer } = await pair(version)
      peer.write(Buffer.alloc(200_000))
      await until(() => secure.readableLength > 0)
      if (isSaid) peer.end()
      else endBelow(raw)
      await turns()
      const { length, code } = await readAll(secure)
      expect([length, code, isTruncated(secure)]).toEqual([200_000, undefined, !isSaid])
    }
  })

  it('takes an end for said that came with what filled the buffer', async () => {
    const tunnel = new Tunnel()
    const { secure, peer } = await pair(version, tunnel)
    const almost = secure.readableHighWaterMark - 1000
    peer.write(Buffer.alloc(almost))
    await until(() => secure.readableLength === almost)
    tunnel.hold()
    peer.end(Buffer.alloc(2000))
    await until(() => peer.writableFinished)
    tunnel.release()
    await until(() => secure.readableLength === almost + 2000)
    expect(await readAll(secure)).toEqual({ length: almost + 2000, code: undefined })
    expect(isTruncated(secure)).toBe(false)
  })

  it('fails, when it shall, once everything is read', async () => {
    const { secure, raw, peer } = await pair(version)
    failWhenTruncated(secure)
    peer.write(Buffer.alloc(10_000))
    await until(() => secure.readableLength === 10_000)
    endBelow(raw)
    await until(() => isTruncated(secure))
    expect(await readAll(secure)).toEqual({ length: 10_000, code: 'ERR_SENNIT_TLS_TRUNCATED' })
    expect(secure.destroyed).toBe(true)
  })

  it('fails, when it shall, at once when there is nothing to read', async () => {
    const { secure, raw } = await pair(version)
    failWhenTruncated(secure)
    const read = readAll(secure)
    endBelow(raw)
    expect(await read).toEqual({ length: 0, code: 'ERR_SENNIT_TLS_TRUNCATED' })
  })

  it('ends, whatever it shall do, when the end was said', async () => {
    const { secure, peer } = await pair(version)
    failWhenTruncated(secure)
    peer.end('all')
    expect(await readAll(secure)).toEqual({ length: 3, code: undefined })
  })

  it('goes on sending to who has ended without a word', async () => {
    const { secure, raw, peer } = await pair(version)
    failWhenTruncated(secure)
    secure.resume()
    peer.pause()
    const size = 8 * 1024 * 1024
    secure.end(Buffer.alloc(size))
    endBelow(raw)
    await until(() => isTruncated(secure))
    expect(secure.destroyed).toBe(false)
    let got = 0
    peer.on('data', (chunk: Buffer) => (got += chunk.length)).resume()
    await until(() => got === size)
  })

  it('can be reset', async () => {
    const { secure, peer } = await pair(version)
    // What has come together with a reset hides it from Node.
    secure.write('everything that is on its way')
    await once(peer, 'data')
    await turns()
    const closed = once(secure, 'close')
    const failed = once(peer, 'error')
    secure.resetAndDestroy()
    await closed
    const [error] = (await failed) as [Error]
    expect(error).toMatchObject({ code: 'ECONNRESET' })
  })

  it('closes when the other side cannot be understood', async () => {
    const { secure, raw } = await pair(version)
    secure.resume()
    const error = once(secure, 'error')
    raw.write(Buffer.from('\x17\x03\x03\x00\x30' + 'x'.repeat(48), 'latin1'))
    expect((await error)[0]).toMatchObject({ code: expect.stringMatching(/^ERR_SSL_/) })
    await until(() => secure.closed)
  })

  it('says what is known of it', async () => {
    const { secure, peer } = await pair(version)
    expect(isSecure(secure)).toBe(true)
    expect(tlsInfoOf(secure)).toEqual({
      version,
      alpnProtocol: undefined,
      authorized: false,
      servername: undefined,
      peerCertificate: undefined,
    })
    await until(() => peer.authorized)
    expect(tlsInfoOf(peer)).toMatchObject({ authorized: true, peerCertificate: expect.any(Uint8Array) })
    secure.destroy()
    expect(tlsInfoOf(secure)).toBeUndefined()
  })
})

it('a socket underneath is none', async () => {
  const { raw, below } = await pair()
  expect([isSecure(raw), isSecure(below), isTruncated(below)]).toEqual([false, false, false])
})
