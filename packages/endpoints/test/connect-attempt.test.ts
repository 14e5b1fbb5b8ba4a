import type { IHalfCloseableProtocol, IProtocol, IProtocolFactory } from '@sennit/interfaces'
import { ConnectionDone, ConnectionRefusedError, duplexFactory, NotConnectingError } from '@sennit/protocol'
import { hasRole, realTurn } from '@sennit/runtime'
import { type Cancellation, cancellableOf } from '@sennit/runtime/internal'
import { MemoryReactorClock, type RecordedConnector, StringTransport } from '@sennit/testing'
import { describe, expect, it } from 'vitest'
import { TCP4ClientEndpoint } from '../src/tcp-client-endpoint.ts'
import { factoryOf, onMade, Recorder, RecorderFactory } from './doubles.ts'

/** An attempt in the making, and how it ends. */
function attempt<P extends IProtocol>(
  factory = new RecorderFactory() as IProtocolFactory<IProtocol> as IProtocolFactory<P>,
) {
  const reactor = new MemoryReactorClock()
  const controller = new AbortController()
  const endpoint = new TCP4ClientEndpoint('192.0.2.7', 2003, { reactor })
  const result = endpoint.connect(factory, { signal: controller.signal })
  const outcome: { value?: P; error?: Error & { code?: unknown } } = {}
  result.then(
    (value) => (outcome.value = value),
    (error: Error) => (outcome.error = error),
  )
  const connector = reactor.connectors[0]!
  return { reactor, controller, connector, result, outcome, wrapper: reactor.tcpClients[0]!.factory }
}

/** The protocol that the reactor has, as if it had just built it. */
function build({
  wrapper,
  connector,
}: {
  wrapper: { buildProtocol: Function }
  connector: RecordedConnector
}): IProtocol {
  return wrapper.buildProtocol(connector.getDestination()) as IProtocol
}

describe('ConnectAttempt', () => {
  it('EP-03 yields the protocol that the factory built', async () => {
    const factory = new RecorderFactory()
    const { connector, result } = attempt(factory)
    connector.succeed()
    expect(await result).toBe(factory.built[0])
    expect(factory.built).toHaveLength(1)
  })

  it('EP-04 settles after makeConnection, not when the protocol is built', async () => {
    const trial = attempt<Recorder>()
    const protocol = build(trial)
    await realTurn()
    expect(trial.outcome).toEqual({})
    protocol.makeConnection(new StringTransport())
    await realTurn()
    expect(trial.outcome.value?.events).toEqual(['made'])
  })

  it('EP-06 rejects with the reason why it failed', async () => {
    const { connector, result } = attempt()
    const reason = new ConnectionRefusedError()
    connector.fail(reason)
    await expect(result).rejects.toBe(reason)
  })

  it('EP-06 ignores a failure that is told too late', async () => {
    const { connector, result, wrapper } = attempt()
    connector.succeed()
    const protocol = await result
    wrapper.clientConnectionFailed(connector, new Error('late'))
    expect(await result).toBe(protocol)
  })

  it.each([
    ['builds nothing', () => undefined, { code: 'ERR_SENNIT_NO_PROTOCOL' }],
    ['builds null', () => null as unknown as undefined, { code: 'ERR_SENNIT_NO_PROTOCOL' }],
    [
      'throws',
      () => {
        throw new RangeError('no')
      },
      { name: 'RangeError', message: 'no' },
    ],
    [
      'throws something that is no error',
      () => {
        // oxlint-disable-next-line typescript/only-throw-error
        throw 'no'
      },
      { name: 'Error', cause: 'no' },
    ],
  ])('EP-07 rejects and closes the transport when the factory %s', async (_what, buildProtocol, error) => {
    const { connector, result } = attempt(factoryOf(buildProtocol))
    const transport = new StringTransport()
    expect(connector.succeed(transport)).toBeUndefined()
    expect(transport.disconnecting).toBe(true)
    await expect(result).rejects.toMatchObject(error)
  })

  it('EP-08 rejects with the destination when the signal is aborted, and stops the connector', async () => {
    const factory = new RecorderFactory()
    const { connector, controller, result } = attempt(factory)
    const reason = new Error('not wanted any more')
    controller.abort(reason)
    expect(connector.stoppedConnecting).toBe(true)
    expect(connector.state).toBe('disconnected')
    await expect(result).rejects.toMatchObject({
      name: 'ConnectingCancelledError',
      code: 'ABORT_ERR',
      address: connector.getDestination(),
      cause: reason,
    })
    expect(factory.built).toEqual([])
  })

  it('EP-08 does not begin when the signal is aborted already', async () => {
    const reactor = new MemoryReactorClock()
    const endpoint = new TCP4ClientEndpoint('192.0.2.7', 2003, { reactor })
    const reason = new Error('before')
    const result = endpoint.connect(new RecorderFactory(), { signal: AbortSignal.abort(reason) })
    await expect(result).rejects.toMatchObject({
      name: 'ConnectingCancelledError',
      address: { host: '192.0.2.7', port: 2003 },
      cause: reason,
    })
    expect(reactor.tcpClients).toEqual([])
  })

  it('EP-08 cancels when the signal is aborted while the reactor begins', async () => {
    const reactor = new MemoryReactorClock()
    const controller = new AbortController()
    const factory = new RecorderFactory()
    factory.doStart = () => controller.abort()
    const endpoint = new TCP4ClientEndpoint('192.0.2.7', 2003, { reactor })
    const result = endpoint.connect(factory, { signal: controller.signal })
    expect(reactor.connectors[0]!.stoppedConnecting).toBe(true)
    await expect(result).rejects.toMatchObject({ name: 'ConnectingCancelledError' })
  })

  it('EP-09 ignores what the connector says when it is stopped', async () => {
    const { controller, connector, outcome } = attempt()
    const told: string[] = []
    const { stopConnecting } = connector
    connector.stopConnecting = () => {
      told.push('stopped')
      stopConnecting.call(connector)
    }
    controller.abort()
    await realTurn()
    expect(told).toEqual(['stopped'])
    expect(outcome.error).toMatchObject({ name: 'ConnectingCancelledError' })
  })

  it('EP-10 closes quietly when it is cancelled between building and making', async () => {
    const factory = new RecorderFactory()
    const trial = attempt(factory)
    const protocol = build(trial)
    trial.controller.abort()
    expect(trial.connector.stoppedConnecting).toBe(false)
    await expect(trial.result).rejects.toMatchObject({ name: 'ConnectingCancelledError' })
    const transport = new StringTransport()
    protocol.makeConnection(transport)
    expect(transport).toMatchObject({ disconnecting: true, disconnected: false })
    protocol.dataReceived(Buffer.from('late'))
    protocol.connectionLost(new ConnectionDone())
    expect(factory.built[0]!.events).toEqual([])
  })

  it('EP-10 closes quietly when it is cancelled inside buildProtocol', async () => {
    const transport = new StringTransport()
    const trial = attempt(
      factoryOf(() => {
        trial.controller.abort()
        return new Recorder()
      }),
    )
    trial.connector.succeed(transport)
    expect(transport.disconnecting).toBe(true)
    await expect(trial.result).rejects.toMatchObject({ name: 'ConnectingCancelledError' })
  })

  it('EP-10 closes quietly when it is cancelled inside makeConnection', async () => {
    const transport = new StringTransport()
    const trial = attempt(factoryOf(() => onMade(() => trial.controller.abort())))
    trial.connector.succeed(transport)
    expect(transport).toMatchObject({ disconnecting: true, disconnected: false })
    await expect(trial.result).rejects.toMatchObject({ name: 'ConnectingCancelledError' })
  })

  it('EP-10 refuses a connection that is built after it was cancelled', async () => {
    const factory = new RecorderFactory()
    const trial = attempt(factory)
    trial.controller.abort()
    await expect(trial.result).rejects.toMatchObject({ name: 'ConnectingCancelledError' })
    expect(build(trial)).toBeUndefined()
    expect(factory.built).toEqual([])
  })

  it('EP-11 rejects and cuts the connection when makeConnection throws', async () => {
    const error = new Error('no greeting')
    const protocol = onMade(() => {
      throw error
    })
    const { connector, result } = attempt(factoryOf(() => protocol))
    const transport = new StringTransport()
    connector.succeed(transport)
    expect(transport.disconnected).toBe(true)
    await expect(result).rejects.toBe(error)
    connector.lose()
    expect(protocol.events).toEqual(['lost'])
  })

  it('rejects when the connection is lost before it was made', async () => {
    const trial = attempt()
    build(trial)
    const reason = new ConnectionDone()
    trial.wrapper.clientConnectionLost(trial.connector, reason)
    await expect(trial.result).rejects.toBe(reason)
  })

  it('EP-12 leaves a connection alone when the signal is aborted after it was made', async () => {
    const { controller, connector, result } = attempt()
    const transport = new StringTransport()
    connector.succeed(transport)
    await result
    controller.abort()
    expect(transport.disconnecting).toBe(false)
    expect(connector.stoppedConnecting).toBe(false)
  })

  it.each<[string, (trial: ReturnType<typeof attempt>) => void]>([
    ['succeeded', ({ connector }) => void connector.succeed()],
    ['failed', ({ connector }) => connector.fail(new Error('refused'))],
  ])('leaves no listener on the signal when it has %s', async (_what, end) => {
    const trial = attempt()
    let listeners = 1
    trial.controller.signal.removeEventListener = () => listeners--
    end(trial)
    await trial.result.catch(() => {})
    expect(listeners).toBe(0)
  })

  it('leaves no listener on the signal when the reactor fails at once', async () => {
    const reactor = new MemoryReactorClock()
    const { connectTCP } = reactor
    reactor.connectTCP = (...args) => {
      const connector = connectTCP.apply(reactor, args)
      connector.fail(new Error('refused'))
      return connector
    }
    const { signal } = new AbortController()
    let listeners = 0
    signal.addEventListener = () => listeners++
    const endpoint = new TCP4ClientEndpoint('192.0.2.7', 2003, { reactor })
    await expect(endpoint.connect(new RecorderFactory(), { signal })).rejects.toThrow('refused')
    expect(listeners).toBe(0)
  })

  describe('given up without a signal', () => {
    function cancellable(isCancelled = false) {
      const reactor = new MemoryReactorClock()
      const endpoint = new TCP4ClientEndpoint('192.0.2.7', 2003, { reactor })
      const cancellation: Cancellation = { isCancelled, listener: undefined }
      const connect = cancellableOf(endpoint.connect)!
      const result = connect(endpoint, new RecorderFactory(), {}, cancellation)
      return { cancellation, connector: reactor.connectors[0]!, result }
    }

    it('EP-08 rejects with the reason as the cause, and stops the connector', async () => {
      const { cancellation, connector, result } = cancellable()
      const reason = new Error('no longer wanted')
      cancellation.listener!.cancelled(reason)
      await expect(result).rejects.toMatchObject({ name: 'ConnectingCancelledError', cause: reason })
      expect(connector.stoppedConnecting).toBe(true)
      expect(cancellation.listener).toBeUndefined()
    })

    it('EP-08 cancels when that happened while the reactor began', async () => {
      const { connector, result } = cancellable(true)
      await expect(result).rejects.toMatchObject({ name: 'ConnectingCancelledError' })
      expect(connector.stoppedConnecting).toBe(true)
    })

    it.each<[string, (connector: RecordedConnector) => void]>([
      ['succeeded', (connector) => void connector.succeed()],
      ['failed', (connector) => connector.fail(new Error('refused'))],
    ])('leaves no listener when it has %s', async (_what, end) => {
      const { cancellation, connector, result } = cancellable()
      expect(cancellation.listener).toBeDefined()
      end(connector)
      await result.catch(() => {})
      expect(cancellation.listener).toBeUndefined()
    })
  })

  it('EP-13 does not tell the factory that the connection is lost', async () => {
    const factory = Object.assign(new RecorderFactory(), {
      clientConnectionLost: () => factory.calls.push('clientConnectionLost'),
      clientConnectionFailed: () => factory.calls.push('clientConnectionFailed'),
      startedConnecting: () => factory.calls.push('startedConnecting'),
    })
    const { connector, result } = attempt(factory)
    connector.succeed()
    await result
    connector.lose()
    expect(factory.calls).toEqual(['doStart', 'doStop'])
  })

  it('EP-14 tells the factory when its use begins and ends', async () => {
    const factory = new RecorderFactory()
    const { connector, result } = attempt(factory)
    expect(factory.calls).toEqual(['doStart'])
    connector.fail(new Error('refused'))
    await result.catch(() => {})
    expect(factory.calls).toEqual(['doStart', 'doStop'])
  })

  it('EP-15 passes data and the loss on to the protocol', async () => {
    const { connector, result } = attempt<Recorder>()
    const outer = connector.succeed()!
    const protocol = await result
    outer.dataReceived(Buffer.from('one'))
    outer.dataReceived(Buffer.from('two'))
    const reason = new ConnectionDone()
    connector.lose(reason)
    expect(protocol.events).toEqual(['made', 'one', 'two', 'lost'])
    expect(protocol.lost).toBe(reason)
  })

  it('EP-15 passes half-closing on to a protocol that handles it', () => {
    const events: string[] = []
    const protocol = Object.assign(new Recorder(), {
      readConnectionLost: () => events.push('read'),
      writeConnectionLost: () => events.push('write'),
    })
    const outer = attempt(factoryOf(() => protocol)).connector.succeed() as IProtocol & IHalfCloseableProtocol
    outer.readConnectionLost()
    outer.writeConnectionLost()
    expect(events).toEqual(['read', 'write'])
  })

  it('EP-15 does not claim half-closing for a protocol that does not handle it', () => {
    const outer = attempt().connector.succeed()
    expect(hasRole<IHalfCloseableProtocol>(outer, ['readConnectionLost'])).toBe(false)
    expect(hasRole<IHalfCloseableProtocol>(outer, ['writeConnectionLost'])).toBe(false)
  })

  it.each([
    [
      'the protocol has, if it has one',
      Object.assign(new Recorder(), { logPrefix: () => 'carbon' }),
      'carbon',
    ],
    ['is the name of its class otherwise', new Recorder(), 'Recorder'],
  ])('EP-16 has the log prefix that %s', (_what, protocol, prefix) => {
    const outer = attempt(factoryOf(() => protocol)).connector.succeed() as IProtocol & {
      logPrefix(): string
    }
    expect(outer.logPrefix()).toBe(prefix)
  })

  it('yields a stream when the factory builds one', async () => {
    const reactor = new MemoryReactorClock()
    const result = new TCP4ClientEndpoint('192.0.2.7', 2003, { reactor }).connect(duplexFactory())
    const transport = new StringTransport()
    reactor.connectors[0]!.succeed(transport)
    const socket = await result
    socket.write('hello')
    await realTurn()
    expect(transport.value().toString()).toBe('hello')
  })

  it('survives a connector that is not connecting any more when it is stopped', async () => {
    const { connector, controller, result } = attempt()
    connector.stopConnecting = () => {
      throw new NotConnectingError()
    }
    controller.abort()
    await expect(result).rejects.toMatchObject({ name: 'ConnectingCancelledError' })
  })
})
