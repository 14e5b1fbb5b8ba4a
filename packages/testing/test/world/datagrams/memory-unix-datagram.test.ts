import { describe, expect, it } from 'vitest'
import type { IInspectable, IPathAddress, IUNIXDatagramTransport } from '@sennit/interfaces'
import { ConnectedDatagramProtocol, DatagramProtocol } from '@sennit/protocol'
import { newWorld } from '../world-pair.ts'

class Client extends ConnectedDatagramProtocol {
  readonly failures: Error[] = []
  override connectionFailed(error: Error): void {
    this.failures.push(error)
  }
}

const describeOf = (it: unknown) => (it as IInspectable).describe()

describe('simulated UNIX datagrams', () => {
  it('RX-29 describe themselves', async () => {
    const { world } = newWorld()
    const port = await world.listenUNIXDatagram(
      '/run/a',
      new DatagramProtocol<IUNIXDatagramTransport, IPathAddress>(),
    )
    const client = new Client()
    const connector = world.connectUNIXDatagram('/run/a', client)
    expect(describeOf(connector)).toMatchObject({
      kind: 'UNIXDatagramClient',
      state: 'connecting',
      facts: { peer: 'unix:/run/a' },
    })
    expect(world.pending()).toEqual(['port unix:/run/a', 'socket to unix:/run/a'])
    await world.advance('1s')
    client.transport.write(Buffer.from('x'))
    await world.advance('1s')
    expect(describeOf(port)).toMatchObject({ kind: 'UNIXDatagramPort', facts: { received: 1 } })
    expect(describeOf(connector)).toMatchObject({ state: 'serving', facts: { sent: 1 } })
    await world.run(connector.disconnect())
    await world.run(port.stopListening())
    world.assertQuiet()
  })

  it('PR-32 give up when their signal is aborted', async () => {
    const { world } = newWorld()
    const client = new Client()
    const reason = new Error('enough')
    world.connectUNIXDatagram('/run/a', client, { signal: AbortSignal.abort(reason) })
    await world.advance('1s')
    expect(client.failures).toMatchObject([{ name: 'ConnectingCancelledError', cause: reason }])
    world.assertQuiet()
  })

  it('PR-32 refuse what is no protocol for a fixed peer', () => {
    const { world } = newWorld()
    expect(() => world.connectUNIXDatagram('/run/a', new DatagramProtocol() as never)).toThrow(
      expect.objectContaining({ code: 'ERR_SENNIT_REACTOR_OPTION', option: 'protocol' }),
    )
  })

  it('RX-29 leave nothing open when the path is taken', async () => {
    const { world } = newWorld()
    world.writeFile('/run/a', '')
    const protocol = new DatagramProtocol<IUNIXDatagramTransport, IPathAddress>()
    await expect(world.listenUNIXDatagram('/run/a', protocol)).rejects.toMatchObject({
      name: 'CannotListenError',
      code: 'EADDRINUSE',
    })
    world.assertQuiet()
  })
})
