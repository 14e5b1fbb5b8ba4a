import { setGlobalReactor, getGlobalReactor } from '@sennit/runtime'
import { MemoryReactorClock } from '@sennit/testing'
import { afterEach, describe, expect, it } from 'vitest'
import { serverEndpointTypes } from '../src/known-types.ts'
import { StreamServerEndpointService } from '../src/stream-server-endpoint-service.ts'
import { listen, service } from '../src/strports.ts'
import { TCP4ServerEndpoint } from '../src/tcp-server-endpoint.ts'
import { RecorderFactory } from './doubles.ts'

const installed = getGlobalReactor()
afterEach(() => setGlobalReactor(installed))

describe('service', () => {
  it('ST-01 is a StreamServerEndpointService at what the description says', async () => {
    const reactor = new MemoryReactorClock()
    const factory = new RecorderFactory()
    const made = service('tcp:8080:interface=127.0.0.1', factory, { reactor, name: 'web', maxConnections: 3 })
    expect(made).toBeInstanceOf(StreamServerEndpointService)
    expect(made.name).toBe('web')
    await made.startService()
    expect(reactor.tcpServers).toMatchObject([
      { port: 8080, handler: factory, options: { interface: '127.0.0.1', maxConnections: 3 } },
    ])
  })

  it('ST-01 listens at several places, when there are several descriptions', async () => {
    const reactor = new MemoryReactorClock()
    const factory = new RecorderFactory()
    const made = service(['tcp:80:interface=127.0.0.1', 'tcp6:80', 'unix:/run/a.sock'], factory, { reactor })
    await made.privilegedStartService()
    expect(made.getHosts().map(String)).toEqual(['tcp:127.0.0.1:80', 'tcp:[::]:80', 'unix:/run/a.sock'])
    expect(made.getHost()).toEqual(made.getHosts()[0])
    const ports = [...reactor.tcpServers, ...reactor.unixServers].map(({ listeningPort }) => listeningPort)
    expect(ports.map(({ serving }) => serving)).toEqual([false, false, false])
    await made.startService()
    expect(ports.map(({ serving }) => serving)).toEqual([true, true, true])
    expect(made.describe().facts).toMatchObject({
      address: 'tcp:127.0.0.1:80, tcp:[::]:80, unix:/run/a.sock',
    })
    await made.stopService()
    expect(ports.map(({ stopped }) => stopped)).toEqual([true, true, true])
    expect(() => made.getHosts()).toThrow(expect.objectContaining({ code: 'ERR_SENNIT_NOT_LISTENING' }))
  })

  it('ST-03 refuses a list with a description that is malformed, or without any', () => {
    expect(() => service(['tcp:80', 'tcp:http'], new RecorderFactory())).toThrow(
      expect.objectContaining({ code: 'ERR_SENNIT_ENDPOINT_SYNTAX' }),
    )
    expect(() => service([], new RecorderFactory())).toThrow(
      expect.objectContaining({ code: 'ERR_SENNIT_ENDPOINT_OPTION', option: 'endpoints' }),
    )
  })

  it('SE-17 says its one place as the only one', async () => {
    const made = service('tcp:80', new RecorderFactory(), { reactor: new MemoryReactorClock() })
    await made.startService()
    expect(made.getHosts()).toEqual([made.getHost()])
  })

  it('ST-01 rejects its start when it cannot listen', async () => {
    const reactor = new MemoryReactorClock()
    reactor.listenTCP = () => Promise.reject(new Error('in use'))
    await expect(service('tcp:8080', new RecorderFactory(), { reactor }).startService()).rejects.toThrow(
      'in use',
    )
  })

  it('ST-02 takes the global reactor when it is started, if none is given', async () => {
    const early = new MemoryReactorClock()
    setGlobalReactor(early)
    const made = service('tcp:8080', new RecorderFactory())
    const reactor = new MemoryReactorClock()
    setGlobalReactor(reactor)
    await made.startService()
    expect(reactor.tcpServers.map(({ port }) => port)).toEqual([8080])
    expect(early.tcpServers).toEqual([])
  })

  it('ST-03 refuses a malformed description at once', () => {
    expect(() => service('tcp:http', new RecorderFactory())).toThrow(
      expect.objectContaining({ code: 'ERR_SENNIT_ENDPOINT_SYNTAX', position: 4 }),
    )
  })
})

describe('listen', () => {
  it('ST-02 listens by the global reactor when none is given', async () => {
    const reactor = new MemoryReactorClock()
    setGlobalReactor(reactor)
    const port = await listen('tcp:8080', new RecorderFactory())
    expect(reactor.tcpServers.map(({ listeningPort }) => listeningPort)).toEqual([port])
  })

  it('ST-03 rejects a malformed description', async () => {
    const listening = listen('tcp:http', new RecorderFactory())
    await expect(listening).rejects.toMatchObject({ code: 'ERR_SENNIT_ENDPOINT_SYNTAX' })
  })

  it.each([
    ['tcp:8080', { interface: '', backlog: 9 }],
    ['tcp6:8080', { interface: '::', backlog: 9 }],
    ['local:8080', { interface: '127.0.0.1', backlog: 9 }],
  ])('ST-04 listens at %s, whether the type is built in or registered', async (description, options) => {
    const remove = serverEndpointTypes.register('local', (args) => {
      const port = args.required('port', { wanted: 'a number', read: Number })
      return new TCP4ServerEndpoint(port, { interface: '127.0.0.1', reactor: args.reactor })
    })
    try {
      const reactor = new MemoryReactorClock()
      const factory = new RecorderFactory()
      const port = await listen(description, factory, { reactor, backlog: 9 })
      expect(reactor.tcpServers).toEqual([{ port: 8080, handler: factory, options, listeningPort: port }])
    } finally {
      remove()
    }
  })
})
