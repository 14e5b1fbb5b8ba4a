import { type Duplex } from 'node:stream'
import type {
  IConnectionContext,
  IDrain,
  IProtocol,
  ISocketHandler,
  IStopRequested,
} from '@sennit/interfaces'
import { handler, internetAddress } from '@sennit/protocol'
import { Clock } from '@sennit/runtime'
import { MemoryLog, StringTransport } from '@sennit/testing'
import { describe, expect, it } from 'vitest'
import { ProxyGate } from '../src/proxy-gate.ts'
import { asFactory } from '../src/stream-factory.ts'
import { TrustedNetworks } from '../src/trusted-networks.ts'
import { RecorderFactory } from './doubles.ts'

const turn = () => new Promise((resolve) => setImmediate(resolve))
const peer = internetAddress('TCP', '192.0.2.7', 56_324)
const host = internetAddress('TCP', '192.0.2.1', 443)

function connected(served: Parameters<typeof asFactory>[0]) {
  const log = new MemoryLog()
  const clock = new Clock()
  const gate = new ProxyGate({ trusted: new TrustedNetworks(), headerTimeout: 5, clock, log })
  const factory = asFactory(served, gate)
  factory.doStart()
  const transport = new StringTransport({ peer, host })
  const protocol = factory.buildProtocol(peer) as IProtocol & IStopRequested
  protocol.makeConnection(transport)
  return { log, clock, factory: factory as typeof factory & Partial<IDrain>, transport, protocol }
}

describe('asFactory', () => {
  it('takes a factory as it is', () => {
    const factory = new RecorderFactory()
    expect(asFactory(factory, {} as ProxyGate)).toBe(factory)
  })

  it('serves each connection by a stream handler, which is told to stop', async () => {
    const seen: unknown[] = []
    const served = handler(async (socket, { signal, clock: own, peer: who, host: where }) => {
      seen.push(String(who), String(where), (socket as Duplex & { encrypted?: boolean }).encrypted)
      socket.write('hello ')
      await new Promise((resolve) => signal.addEventListener('abort', resolve))
      socket.write('and bye')
      seen.push(own.seconds())
    })
    const { protocol, transport, factory } = connected(served)
    await turn()
    expect(transport.value().toString()).toBe('hello ')
    protocol.stopRequested()
    await turn()
    expect(transport.value().toString()).toBe('hello and bye')
    expect(seen).toEqual(['tcp:192.0.2.7:56324', 'tcp:192.0.2.1:443', true, 0])
    factory.doStop()
  })

  it('serves each connection by an existing server, which is told to stop', () => {
    const got: { socket: Duplex; context: IConnectionContext }[] = []
    const served: ISocketHandler = { handleSocket: (socket, context) => void got.push({ socket, context }) }
    const { protocol } = connected(served)
    const [{ socket, context }] = got as [(typeof got)[0]]
    expect(socket).toMatchObject({
      remoteAddress: '192.0.2.7',
      remotePort: 56_324,
      localPort: 443,
      encrypted: true,
    })
    expect(context.peer).toBe(peer)
    expect(context.signal.aborted).toBe(false)
    protocol.stopRequested()
    expect(context.signal.aborted).toBe(true)
  })

  it('cuts the connection when the server throws, and logs it', () => {
    const error = new Error('boom')
    const served: ISocketHandler = {
      handleSocket: () => {
        throw error
      },
    }
    const { transport, log } = connected(served)
    expect(transport.disconnected).toBe(true)
    expect(log.errors()).toEqual([error])
  })

  it('has a drain if, and only if, the handler has one', () => {
    const served: ISocketHandler = { handleSocket: () => {} }
    expect(connected(served).factory.drain).toBeUndefined()
    const drains: number[] = []
    const { factory } = connected(
      Object.assign(served, { drain: (timeout: number) => void drains.push(timeout) }),
    )
    void factory.drain!(5)
    expect(drains).toEqual([5])
  })
})
