import { describe, expect, it } from 'vitest'
import type { IConnector } from '@sennit/interfaces'
import { ClientFactory, HostnameAddress } from '@sennit/protocol'
import { AccumulatingProtocol, MemoryLog, RecordedConnector, StringTransport } from '../src/index.ts'

/** A factory that tells its story. */
class Teller extends ClientFactory<AccumulatingProtocol> {
  readonly story: string[] = []
  reason: Error | undefined
  builds: AccumulatingProtocol | undefined | Error = new AccumulatingProtocol({
    onMade: () => this.story.push('made'),
    onClosed: () => this.story.push('closed'),
  })
  onFailed: ((connector: IConnector) => void) | undefined

  override startFactory() {
    this.story.push('start')
  }
  override stopFactory() {
    this.story.push('stop')
  }
  override buildProtocol() {
    if (this.builds instanceof Error) throw this.builds
    return this.builds
  }
  override startedConnecting() {
    this.story.push('connecting')
  }
  override clientConnectionFailed(connector: IConnector, reason: Error) {
    this.story.push('failed')
    this.reason = reason
    this.onFailed?.(connector)
  }
  override clientConnectionLost(_connector: IConnector, reason: Error) {
    this.story.push('lost')
    this.reason = reason
  }
}

function connecting() {
  const factory = new Teller()
  const log = new MemoryLog()
  const destination = new HostnameAddress('a', 1)
  const connector = new RecordedConnector(destination, factory, log)
  connector.connect()
  return { factory, connector, log, destination }
}

describe('RecordedConnector', () => {
  it('TE-08 PR-07 tells the factory at once when it is given up', () => {
    const { factory, connector } = connecting()
    connector.stopConnecting()
    expect(factory.story).toEqual(['start', 'connecting', 'failed', 'stop'])
    expect(factory.reason).toMatchObject({ name: 'UserError' })
    expect(connector).toMatchObject({ stoppedConnecting: true, disconnected: false, state: 'disconnected' })
  })

  it('TE-08 PR-09 tells the factory at once when it is disconnected while it connects', () => {
    const { factory, connector } = connecting()
    connector.disconnect()
    expect(factory.story).toEqual(['start', 'connecting', 'failed', 'stop'])
    expect(connector).toMatchObject({ stoppedConnecting: true, disconnected: true })
  })

  it('TE-08 PR-06 connects again from inside the failure, and does not stop the factory', () => {
    const { factory, connector } = connecting()
    factory.onFailed = (failed) => failed.connect()
    connector.fail(new Error('x'))
    expect(factory.story).toEqual(['start', 'connecting', 'failed', 'connecting'])
    expect(connector).toMatchObject({ attempts: 2, state: 'connecting' })
  })

  it('TE-08 PR-05 succeeds when it is told to: the protocol has its transport', () => {
    const { factory, connector, destination } = connecting()
    const protocol = connector.succeed()
    expect(protocol).toBe(factory.builds)
    expect(connector).toMatchObject({ state: 'connected', protocol })
    expect(connector.transport).toBeInstanceOf(StringTransport)
    expect(connector.transport?.getPeer()).toBe(destination)
    expect(factory.story).toEqual(['start', 'connecting', 'made'])
  })

  it('TE-08 PR-05 tells the protocol, then the factory, of the loss', () => {
    const { factory, connector } = connecting()
    const transport = new StringTransport()
    connector.succeed(transport)
    connector.disconnect()
    expect(transport.disconnecting).toBe(true)
    const reason = new Error('x')
    connector.lose(reason)
    expect(factory.story.slice(3)).toEqual(['closed', 'lost', 'stop'])
    expect(factory.reason).toBe(reason)
    connector.lose()
    expect(factory.story.slice(3)).toEqual(['closed', 'lost', 'stop'])
    expect(connector).toMatchObject({ protocol: undefined, transport: undefined })
  })

  it('TE-08 PR-10 closes when the factory builds nothing', () => {
    const { factory, connector } = connecting()
    factory.builds = undefined
    const transport = new StringTransport()
    expect(connector.succeed(transport)).toBeUndefined()
    expect(transport.disconnecting).toBe(true)
    expect(factory.reason).toMatchObject({ name: 'ConnectionDone' })
  })

  it('TE-08 PR-11 fails when the factory throws', () => {
    const { factory, connector, log } = connecting()
    const error = new Error('boom')
    factory.builds = error
    expect(connector.succeed()).toBeUndefined()
    expect(factory.reason).toMatchObject({ name: 'ConnectError', cause: error })
    expect(log.errors()).toEqual([error])
    expect(factory.story).toEqual(['start', 'connecting', 'failed', 'stop'])
  })

  it('PR-07 refuses what its state does not allow', () => {
    const { connector } = connecting()
    expect(() => connector.connect()).toThrow(
      expect.objectContaining({ code: 'ERR_SENNIT_CONNECT_IN_PROGRESS' }),
    )
    connector.succeed()
    expect(() => connector.stopConnecting()).toThrow(
      expect.objectContaining({ code: 'ERR_SENNIT_NOT_CONNECTING' }),
    )
    for (const act of [() => connector.succeed(), () => connector.fail(new Error('x'))]) {
      expect(act).toThrow(expect.objectContaining({ code: 'ERR_SENNIT_DOUBLE_STATE' }))
    }
    expect(connector.stoppedConnecting).toBe(false)
  })

  it.each(['clientConnectionFailed', 'startedConnecting', 'doStop'] as const)(
    'logs what %s throws, and goes on',
    (method) => {
      const factory = new Teller()
      const log = new MemoryLog()
      const error = new Error('boom')
      factory[method] = () => {
        throw error
      }
      const connector = new RecordedConnector(new HostnameAddress('a', 1), factory, log)
      connector.connect()
      connector.stopConnecting()
      expect(log.errors()).toEqual([error])
      expect(connector.state).toBe('disconnected')
    },
  )
})
