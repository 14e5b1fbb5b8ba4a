import { describe, expect, it } from 'vitest'
import type { IHostPort } from '@sennit/interfaces'
import { AccumulatingProtocol } from '../../../src/index.ts'
import { clientOf, newWorld } from '../world-pair.ts'

describe('dialling by TCP', () => {
  it('EP-37 asks for the family of the local address', async () => {
    const { world } = newWorld()
    world.host('me', { addresses: ['192.0.2.10', '2001:db8::10'] })
    world.names.set('db.example', ['2001:db8::5', '192.0.2.5'])
    world.listen('tcp:192.0.2.5:80')
    world.listen('tcp:[2001:db8::5]:80')
    const client = new AccumulatingProtocol()
    world.host('me').connectTCP('db.example', 80, clientOf(client), { bindAddress: ['192.0.2.10', 4000] })
    await world.until(() => client.made)
    expect(client.transport.getHost().toString()).toBe('tcp:192.0.2.10:4000')
    expect((client.transport.getPeer() as IHostPort).host).toBe('192.0.2.5')
  })

  it('EP-29 EP-30 fails when every address has failed, with all errors behind the most telling one', async () => {
    const { world } = newWorld()
    world.names.set('db.example', ['192.0.2.5', '192.0.2.6'])
    const factory = clientOf(new AccumulatingProtocol())
    let failure: Error | undefined
    factory.clientConnectionFailed = (_connector, reason) => {
      failure = reason
    }
    world.connectTCP('db.example', 80, factory)
    await world.until(() => failure !== undefined)
    expect(failure).toMatchObject({ name: 'ConnectionRefusedError', cause: { errors: [{}, {}] } })
  })

  it('RX-27 gives up at once when the local address is not its own, unless it was given up before', async () => {
    const { world } = newWorld()
    const factory = clientOf(new AccumulatingProtocol())
    const failures: string[] = []
    factory.clientConnectionFailed = (_connector, reason) => failures.push(reason.name)
    world.connectTCP('127.0.0.1', 80, factory, { bindAddress: '192.0.2.1' })
    world.connectTCP('127.0.0.1', 80, factory, { bindAddress: '192.0.2.1' }).stopConnecting()
    await world.advance('1s')
    expect(failures).toEqual(['UserError', 'ConnectBindError'])
  })
})
