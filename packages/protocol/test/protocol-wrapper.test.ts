import { describe, expect, it, vi } from 'vitest'
import type {
  IHalfCloseableProtocol,
  IHandshakeListener,
  IProtocol,
  IPushProducer,
  IStopRequested,
} from '@sennit/interfaces'
import { hasRole } from '@sennit/runtime'
import { ConnectionDone } from '../src/connection-errors.ts'
import { LineReceiver } from '../src/line-receiver.ts'
import { ProtocolWrapper, type WrapperOwner } from '../src/protocol-wrapper.ts'
import { FakeTransport } from './fake-transport.ts'
import { RecordingProtocol } from './recording-protocol.ts'

function wrapped<P extends IProtocol>(protocol: P, transport = new FakeTransport()) {
  const order: string[] = []
  const owner: WrapperOwner<P> = {
    registerProtocol: () => order.push('registered'),
    unregisterProtocol: () => order.push('unregistered'),
  }
  const wrapper = new ProtocolWrapper(owner, protocol)
  return { wrapper, protocol, transport, owner, order }
}

const HALF_CLOSEABLE = ['readConnectionLost', 'writeConnectionLost'] as const

describe('ProtocolWrapper', () => {
  it('is the transport of the protocol that it wraps, and tells it everything', () => {
    const { wrapper, protocol, transport, owner } = wrapped(new RecordingProtocol())
    wrapper.makeConnection(transport)
    expect([protocol.transport, wrapper.transport, wrapper.connected]).toEqual([wrapper, transport, true])
    expect([wrapper.factory, wrapper.wrappedProtocol]).toEqual([owner, protocol])
    wrapper.dataReceived(Buffer.from('data'))
    const reason = new ConnectionDone()
    wrapper.connectionLost(reason)
    expect(protocol.calls).toEqual(['makeConnection', 'data', 'connectionLost'])
    expect([protocol.lost, wrapper.connected, wrapper.disconnecting]).toEqual([reason, false, true])
  })

  it('is registered with its factory while the connection stands, whatever the protocol throws', () => {
    const { wrapper, transport, order } = wrapped({
      makeConnection: () => order.push('made'),
      dataReceived() {},
      connectionLost: () => {
        order.push('lost')
        throw new Error('no')
      },
    } as IProtocol)
    wrapper.makeConnection(transport)
    expect(() => wrapper.connectionLost(new ConnectionDone())).toThrow('no')
    expect(order).toEqual(['registered', 'made', 'unregistered', 'lost'])
  })

  it('hands on what the protocol does', () => {
    const { wrapper, transport } = wrapped(new RecordingProtocol())
    wrapper.makeConnection(transport)
    const producer: IPushProducer = { pauseProducing() {}, resumeProducing() {}, stopProducing() {} }
    wrapper.write(Buffer.from('a'))
    wrapper.writeSequence([Buffer.from('b'), Buffer.from('c')])
    wrapper.registerProducer(producer, true)
    expect(transport.producer).toBe(producer)
    wrapper.unregisterProducer()
    wrapper.pauseProducing()
    expect(transport.paused).toBe(true)
    wrapper.resumeProducing()
    expect(transport.paused).toBe(false)
    wrapper.loseWriteConnection()
    expect([wrapper.getPeer(), wrapper.getHost()]).toEqual([transport.getPeer(), transport.getHost()])
    expect(transport.text).toBe('abc')
    expect(transport.calls).toEqual([
      'writeSequence',
      'registerProducer true',
      'unregisterProducer',
      'loseWriteConnection',
    ])
  })

  it.each(['loseConnection', 'abortConnection', 'stopProducing'] as const)('closes after %s', (method) => {
    const { wrapper, transport } = wrapped(new RecordingProtocol(), new FakeTransport())
    Object.defineProperty(transport, 'disconnecting', { get: () => undefined, set() {} })
    wrapper.makeConnection(transport)
    expect(wrapper.disconnecting).toBe(false)
    wrapper[method]()
    expect([transport.calls, wrapper.disconnecting]).toEqual([[method], true])
  })

  it('hands on why a connection is aborted, and closes when its transport does', () => {
    const { wrapper, transport } = wrapped(new RecordingProtocol())
    wrapper.makeConnection(transport)
    transport.disconnecting = true
    expect(wrapper.disconnecting).toBe(true)
    const reason = new Error('why')
    wrapper.abortConnection(reason)
    expect(transport.abortReason).toBe(reason)
  })

  it.each(['readConnectionLost', 'writeConnectionLost', 'stopRequested', 'handshakeCompleted'])(
    'PR-33 has %s when the protocol has it, and not otherwise',
    (hook) => {
      const told = vi.fn<() => void>()
      const having = wrapped(Object.assign(new RecordingProtocol(), { [hook]: told })).wrapper
      const lacking = wrapped(new RecordingProtocol()).wrapper
      expect(hasRole<Record<string, unknown>>(having, [hook])).toBe(true)
      expect(hasRole<Record<string, unknown>>(lacking, [hook])).toBe(false)
      ;(having as unknown as Record<string, () => void>)[hook]!()
      expect(told).toHaveBeenCalledOnce()
    },
  )

  it('PR-15 is half-closeable when the protocol is, through two wrappers as well', () => {
    class Half extends RecordingProtocol implements IHalfCloseableProtocol {
      readConnectionLost() {
        this.calls.push('read')
      }
      writeConnectionLost() {
        this.calls.push('written')
      }
    }
    const { wrapper, protocol } = wrapped(new Half())
    const outer = wrapped(wrapper as unknown as RecordingProtocol).wrapper as object
    const plain = wrapped(wrapped(new RecordingProtocol()).wrapper as unknown as RecordingProtocol).wrapper
    expect(hasRole<IHalfCloseableProtocol>(plain, HALF_CLOSEABLE)).toBe(false)
    if (!hasRole<IHalfCloseableProtocol>(outer, HALF_CLOSEABLE)) throw new Error('it is not')
    outer.readConnectionLost()
    outer.writeConnectionLost()
    expect(protocol.calls).toEqual(['read', 'written'])
  })

  it('lets the protocol have what the connection has beyond a transport, and nothing more', () => {
    const setTcpNoDelay = vi.fn<(enabled: boolean) => void>()
    const transport = Object.assign(new FakeTransport(), { setTcpNoDelay, getTLSInfo: () => undefined })
    const { wrapper } = wrapped(new RecordingProtocol())
    wrapper.makeConnection(transport)
    const seen = wrapper as unknown as typeof transport
    seen.setTcpNoDelay(false)
    expect(setTcpNoDelay).toHaveBeenCalledWith(false)
    expect(hasRole<{ getTLSInfo(): void }>(wrapper, ['getTLSInfo'])).toBe(true)
    expect(hasRole<{ startTLS(): void }>(wrapper, ['startTLS'])).toBe(false)
    expect('setTcpKeepAlive' in wrapper && wrapper.setTcpKeepAlive).toBeFalsy()
  })

  it('does not take what the protocol has for what the connection has, nor the other way round', () => {
    const { wrapper } = wrapped(
      Object.assign(new RecordingProtocol(), { setTcpNoDelay() {}, lineReceived() {} }),
      Object.assign(new FakeTransport(), { stopRequested() {} }),
    )
    wrapper.makeConnection(new FakeTransport())
    expect(hasRole<{ setTcpNoDelay(): void }>(wrapper, ['setTcpNoDelay'])).toBe(false)
    expect(hasRole<IStopRequested & IHandshakeListener>(wrapper, ['stopRequested'])).toBe(false)
  })

  it('lets a receiver of lines stop after the line that closes the connection', () => {
    class Quitting extends LineReceiver {
      readonly lines: string[] = []
      override lineReceived(line: Buffer) {
        this.lines.push(line.toString())
        if (line.toString() === 'quit') this.transport.loseConnection()
      }
    }
    const { wrapper, protocol, transport } = wrapped(new Quitting())
    wrapper.makeConnection(transport)
    wrapper.dataReceived(Buffer.from('a\r\nquit\r\nb\r\n'))
    expect(protocol.lines).toEqual(['a', 'quit'])
  })

  it('can be extended', () => {
    class Shouting<P extends IProtocol> extends ProtocolWrapper<P> {
      override dataReceived(data: Uint8Array) {
        super.dataReceived(Buffer.from(Buffer.from(data).toString().toUpperCase()))
      }
    }
    const { owner, protocol } = wrapped(new RecordingProtocol())
    const wrapper = new Shouting(owner, protocol)
    wrapper.makeConnection(new FakeTransport())
    wrapper.dataReceived(Buffer.from('hello'))
    expect(protocol.calls).toEqual(['makeConnection', 'HELLO'])
  })

  it('says what it wraps', () => {
    const protocol = Object.assign(new RecordingProtocol(), { toString: () => 'Chat' })
    expect(String(wrapped(protocol).wrapper)).toBe('ProtocolWrapper(Chat)')
  })
})
