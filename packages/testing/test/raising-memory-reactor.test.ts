import { describe, expect, it } from 'vitest'
import { CannotListenError, ClientFactory, DatagramProtocol, Factory } from '@sennit/protocol'
import type { IReactorTCP, IReactorUDP } from '@sennit/interfaces'
import { RaisingMemoryReactor } from '../src/index.ts'

describe('RaisingMemoryReactor', () => {
  it('TE-11 rejects every listen, and throws from every connect', async () => {
    const listenError = new CannotListenError('', 80)
    const connectError = new Error('x')
    const reactor: IReactorTCP & IReactorUDP = new RaisingMemoryReactor({ listenError, connectError })
    await expect(reactor.listenTCP(80, new Factory())).rejects.toBe(listenError)
    await expect(reactor.listenUDP(80, new DatagramProtocol())).rejects.toBe(listenError)
    expect(() => reactor.connectTCP('a', 1, new ClientFactory())).toThrow(connectError)
  })

  it('TE-11 EP-02 EP-05 does so for every transport', async () => {
    const [listenError, connectError] = [new Error('no port'), new Error('no way')]
    const reactor = new RaisingMemoryReactor({ listenError, connectError })
    const listens = ['TCP', 'SSL', 'UNIX', 'UDP', 'Multicast', 'UNIXDatagram'] as const
    for (const kind of listens) await expect(reactor[`listen${kind}`]()).rejects.toBe(listenError)
    await expect(reactor.adoptStreamPort()).rejects.toBe(listenError)
    await expect(reactor.adoptDatagramPort()).rejects.toBe(listenError)
    for (const kind of ['TCP', 'SSL', 'UNIX', 'UNIXDatagram'] as const)
      expect(() => reactor[`connect${kind}`]()).toThrow(connectError)
    expect(() => reactor.adoptStreamConnection()).toThrow(connectError)
  })

  it('TE-11 has errors of its own when it is given none', async () => {
    const reactor = new RaisingMemoryReactor()
    await expect(reactor.listenTCP()).rejects.toMatchObject({ code: 'ERR_SENNIT_DOUBLE_STATE' })
    expect(() => reactor.connectTCP('a', 1, new ClientFactory())).toThrow(
      expect.objectContaining({ code: 'ERR_SENNIT_DOUBLE_STATE' }),
    )
  })
})
