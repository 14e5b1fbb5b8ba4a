import { describe, expect, it } from 'vitest'
import type { IInspectable, IListeningPort, ITLSPort } from '@sennit/interfaces'
import { AccumulatingProtocol, authority } from '../../../src/index.ts'
import { newWorld, serverOf } from '../world-pair.ts'

const known = authority('known')
const mine = known.issue('a.example')
const trust = { ca: known.cert, servername: 'a.example' }

async function serving(options = {}) {
  const { world, log } = newWorld({ epoch: Date.UTC(2026, 0) / 1000 })
  const server = new AccumulatingProtocol()
  const port = await world.listenSSL(443, serverOf(server), mine, options)
  const facts = () => (port as IListeningPort & IInspectable).describe().facts
  return { world, log, server, port: port as IListeningPort & ITLSPort, facts }
}

describe('TLSIntake', () => {
  it('counts handshakes beside connections, and those that fail', async () => {
    const { world, log, facts } = await serving({ handshakeTimeout: '3s' })
    const silent = await world.run(world.connect('tcp:127.0.0.1:443'))
    await world.advance('1s')
    expect(facts()).toMatchObject({ connections: 0, accepted: 0, handshakes: 1, handshakeFailures: 0 })
    await world.run(silent.whenClosed)
    expect(facts()).toMatchObject({ connections: 0, handshakes: 0, handshakeFailures: 1 })
    expect(log.messages('debug')).toHaveLength(1)
    await world.run(world.connect('tls:127.0.0.1:443', trust))
    await world.advance('1s')
    expect(facts()).toMatchObject({ connections: 1, accepted: 1, handshakes: 0 })
  })

  it('does not wait for whoever has said nothing when the port stops', async () => {
    const { world, port } = await serving()
    await world.run(world.connect('tcp:127.0.0.1:443'))
    await world.run(port.stopListening())
    expect(world.seconds()).toBeLessThan(1)
  })

  it('cuts a handshake that has begun at the end of the drain', async () => {
    const { world, port } = await serving({ drainTimeout: '2s' })
    const client = await world.run(world.connect('tcp:127.0.0.1:443'))
    client.write(Buffer.from([22, 3, 3]))
    await world.advance('10ms')
    await world.run(port.stopListening())
    expect(world.seconds()).toBeCloseTo(2, 1)
    await world.run(client.whenClosed)
    expect(client.reason).toMatchObject({ code: 'ECONNRESET' })
  })

  it('takes other credentials for the next handshakes; wrong ones change nothing', async () => {
    const { world, port } = await serving()
    expect(() => port.setTLSOptions({ key: 'x' })).toThrow(
      expect.objectContaining({ code: 'ERR_SENNIT_TLS_OPTIONS' }),
    )
    await world.run(world.connect('tls:127.0.0.1:443', trust))
    port.setTLSOptions(known.issue('b.example'))
    await world.run(world.connect('tls:127.0.0.1:443', { ...trust, servername: 'b.example' }))
    await expect(world.run(world.connect('tls:127.0.0.1:443', trust))).rejects.toMatchObject({
      code: 'ERR_TLS_CERT_ALTNAME_INVALID',
    })
  })
})
