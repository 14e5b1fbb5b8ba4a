import { describe, expect, it } from 'vitest'
import type { TLSServerOptions } from '@sennit/interfaces'
import { AccumulatingProtocol, authority } from '../../../src/index.ts'
import { clientOf, newWorld, serverOf } from '../world-pair.ts'

const TODAY = Date.UTC(2026, 0) / 1000
const known = authority('known')
const mine = known.issue('db.example')
const trust = { ca: known.cert, servername: 'db.example' }

/** A program that serves TLS. */
async function serving(tls: TLSServerOptions = mine, options = {}) {
  const { world, log } = newWorld({ epoch: TODAY })
  const server = new AccumulatingProtocol()
  const port = await world.listenSSL(443, serverOf(server), tls, options)
  return { world, log, server, port }
}

describe("the test's side of TLS", () => {
  it('connects to a program that speaks it', async () => {
    const { world, server } = await serving()
    const client = await world.run(world.connect('tls:127.0.0.1:443', trust))
    client.write('private')
    await world.until(() => server.data.toString() === 'private')
    expect(client.transport.getTLSInfo()).toMatchObject({ authorized: true, servername: 'db.example' })
    client.close()
    await world.run(client.whenClosed)
    expect(client.reason?.name).toBe('ConnectionDone')
  })

  it('shows no clear text to who does not speak it', async () => {
    const { world } = await serving()
    const client = await world.run(world.connect('tcp:127.0.0.1:443'))
    client.write('GET / HTTP/1.1\r\n\r\n')
    await world.run(client.whenClosed)
    expect(client.reason?.name).toBe('ConnectionDone')
    expect(client.text()).toBe('')
  })

  it('rejects when the handshake fails', async () => {
    const { world } = await serving()
    const failed = world.connect('tls:127.0.0.1:443', { ca: known.cert })
    await expect(world.run(failed)).rejects.toMatchObject({
      name: 'SSLError',
      code: 'ERR_TLS_CERT_ALTNAME_INVALID',
    })
    const slow = await serving(mine, { held: true })
    await expect(slow.world.run(slow.world.connect('tls:127.0.0.1:443', trust))).rejects.toMatchObject({
      code: 'ERR_SENNIT_HANDSHAKE_TIMEOUT',
    })
  })

  it('listens for a program that speaks it, and says why a handshake failed', async () => {
    const { world } = newWorld({ epoch: TODAY })
    const sink = world.listen('tls:db.example:5432', mine)
    const [client, stranger] = [new AccumulatingProtocol(), new AccumulatingProtocol()]
    world.connectSSL('db.example', 5432, clientOf(client), { ca: known.cert })
    world.connectSSL('db.example', 5432, clientOf(stranger), {})
    await world.until(() => client.made)
    client.transport.write(Buffer.from('select 1'))
    await world.run(sink.received('select 1'))
    expect(sink.connections).toHaveLength(1)
    await world.advance('1s')
    expect(sink.failures).toMatchObject([{ name: 'SSLError', code: 'ECONNRESET' }])
    sink.write('1 row')
    await world.until(() => client.data.toString() === '1 row')
  })

  it('knows when a certificate is valid by the time of day in the world', async () => {
    const { world } = newWorld({ epoch: Date.UTC(1999, 11) / 1000 })
    world.listen('tls:db.example:5432', mine)
    const client = new AccumulatingProtocol()
    const factory = clientOf(client)
    let failure: Error | undefined
    factory.clientConnectionFailed = (_connector, reason) => {
      failure = reason
    }
    const connector = world.connectSSL('db.example', 5432, factory, trust)
    await world.until(() => failure !== undefined)
    expect(failure).toMatchObject({ code: 'CERT_NOT_YET_VALID' })
    await world.advance(`${24 * 40}h`)
    connector.connect()
    await world.until(() => client.made)
  })

  it('makes a connection private while it runs', async () => {
    const { world } = newWorld({ epoch: TODAY })
    const server = new AccumulatingProtocol({
      onData: (data, { transport }) => {
        if (String(data) === 'STARTTLS')
          (transport as never as { startTLS(o: object): void }).startTLS({ isServer: true, ...mine })
      },
    })
    await world.listenTCP(25, serverOf(server))
    const client = await world.run(world.connect('tcp:127.0.0.1:25'))
    client.write('STARTTLS')
    await world.advance('10ms')
    await world.run(client.startTLS(trust))
    client.write('in private')
    await world.until(() => server.data.toString().endsWith('in private'))
    const failing = await world.run(world.connect('tcp:127.0.0.1:25'))
    failing.write('STARTTLS')
    await world.advance('10ms')
    await expect(world.run(failing.startTLS({ servername: 'other' }))).rejects.toMatchObject({
      name: 'ConnectionLost',
      cause: { name: 'SSLError' },
    })
  })
})

describe("the test's side of UNIX sockets", () => {
  it('connects to a program, and listens for one', async () => {
    const { world } = newWorld()
    const server = new AccumulatingProtocol()
    await world.listenUNIX('/run/app', serverOf(server))
    const peer = await world.run(world.connect('unix:/run/app'))
    peer.write('hi')
    await world.until(() => server.data.toString() === 'hi')
    const sink = world.listen('unix:/run/docker.sock')
    expect(() => world.listen('unix:/run/docker.sock')).toThrow(
      expect.objectContaining({ code: 'EADDRINUSE' }),
    )
    const client = new AccumulatingProtocol()
    world.connectUNIX('/run/docker.sock', clientOf(client))
    await world.until(() => client.made)
    client.transport.write(Buffer.from('ps'))
    await world.run(sink.received('ps'))
    sink.stopListening()
    await expect(world.run(world.connect('unix:/run/docker.sock'))).rejects.toMatchObject({ code: 'ENOENT' })
  })

  it('of another machine are others', async () => {
    const { world } = newWorld()
    await world.host('b').listenUNIX('/run/app', serverOf(new AccumulatingProtocol()))
    await expect(world.run(world.connect('unix:/run/app'))).rejects.toMatchObject({ code: 'ENOENT' })
    await world.run(world.connect('unix:/run/app', { from: 'b' }))
  })
})
