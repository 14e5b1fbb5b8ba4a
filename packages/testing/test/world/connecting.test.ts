import { describe, expect, it } from 'vitest'
import { ClientFactory } from '@sennit/protocol'
import { AccumulatingProtocol, authority } from '../../src/index.ts'
import { clientOf, newWorld, serverOf } from './world-pair.ts'

const known = authority('known')

describe('connecting', () => {
  it('RX-27 refuses the name of a service, and wrong options, at once', () => {
    const { world } = newWorld()
    const factory = new ClientFactory()
    const refused = (code: string) => expect.objectContaining({ code })
    expect(() => world.connectSSL('a', 'https' as never, factory, {})).toThrow(
      refused('ERR_SENNIT_SERVICE_NAME'),
    )
    expect(() => world.connectSSL('a', 443, factory, { ca: 'x' })).toThrow(refused('ERR_SENNIT_TLS_OPTIONS'))
    expect(() => world.connectTCP('a', 80, factory, { attemptDelay: 'x' as never })).toThrow(
      refused('ERR_SENNIT_DURATION'),
    )
    expect(() => world.connectUNIX('', factory)).toThrow(refused('ERR_SENNIT_REACTOR_OPTION'))
    world.assertQuiet()
  })

  it('PR-07 gives up an attempt whose handshake goes on', async () => {
    const { world } = newWorld()
    const server = new AccumulatingProtocol()
    await world.listenTCP(443, serverOf(server))
    const factory = clientOf(new AccumulatingProtocol())
    let failure: Error | undefined
    factory.clientConnectionFailed = (_connector, reason) => {
      failure = reason
    }
    const connector = world.connectSSL('127.0.0.1', 443, factory, { servername: 'a', ca: known.cert })
    await world.until(() => server.data.length > 0)
    connector.stopConnecting()
    expect(failure?.name).toBe('UserError')
    await world.run(server.whenClosed)
  })

  it('PR-27 connects to a path only when its lock is held, if it is told so', async () => {
    const { world } = newWorld()
    await world.listenUNIX('/run/a', serverOf(new AccumulatingProtocol()))
    const factory = clientOf(new AccumulatingProtocol())
    let failure: Error | undefined
    factory.clientConnectionFailed = (_connector, reason) => {
      failure = reason
    }
    world.connectUNIX('/run/a', factory, { checkPID: true })
    expect(failure).toBeUndefined()
    await world.advance('1s')
    expect(failure?.name).toBe('BadFileError')
    world.connectUNIX('/run/a', factory, { checkPID: true }).stopConnecting()
    expect(failure?.name).toBe('UserError')
  })
})
