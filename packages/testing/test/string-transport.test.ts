import { describe, expect, it } from 'vitest'
import { HostnameAddress } from '@sennit/protocol'
import { NonStreamingProducer, StringTransport } from '../src/index.ts'

const bytes = (text: string) => Buffer.from(text)

describe('StringTransport', () => {
  it('TE-01 collects what is written', () => {
    const transport = new StringTransport()
    transport.write(bytes('a'))
    transport.writeSequence([bytes('b'), new Uint8Array([99])])
    expect(transport.value().toString()).toBe('abc')
    expect(transport.value().toString()).toBe('abc')
  })

  it('TE-01 forgets on clear', () => {
    const transport = new StringTransport()
    transport.write(bytes('a'))
    transport.clear()
    transport.write(bytes('b'))
    expect(transport.value().toString()).toBe('b')
  })

  it('TE-01 keeps what was written as it was', () => {
    const transport = new StringTransport()
    const chunk = bytes('a')
    transport.write(chunk)
    chunk.fill('x')
    expect(transport.value().toString()).toBe('a')
  })

  it.each(['text', 1, undefined, null, [1]])('TE-01 PR-12 refuses %j', (data) => {
    const transport = new StringTransport()
    expect(() => transport.write(data as never)).toThrow(
      expect.objectContaining({ code: 'ERR_SENNIT_BYTES' }),
    )
    expect(() => transport.writeSequence([bytes('x'), data] as never)).toThrow(TypeError)
    expect(transport.value()).toHaveLength(0)
  })

  it('TE-01 records what is written after the close', () => {
    const transport = new StringTransport()
    transport.loseConnection()
    transport.write(bytes('late'))
    expect(transport.value().toString()).toBe('late')
  })

  it('TE-02 only remembers that it was closed', () => {
    const transport = new StringTransport()
    expect(transport).toMatchObject({ connected: true, disconnecting: false, disconnected: false })
    transport.loseConnection()
    expect(transport).toMatchObject({ connected: true, disconnecting: true, disconnected: false })
  })

  it('TE-02 remembers that it was aborted, and why', () => {
    const transport = new StringTransport()
    const reason = new Error('x')
    transport.abortConnection(reason)
    expect(transport).toMatchObject({ disconnecting: true, disconnected: true, abortReason: reason })
  })

  it('TE-02 remembers that one direction was closed', () => {
    const transport = new StringTransport()
    transport.loseWriteConnection()
    expect(transport).toMatchObject({ writeDisconnecting: true, disconnecting: false })
  })

  it('TE-03 has these addresses', () => {
    const transport = new StringTransport()
    expect(transport.getPeer().toString()).toBe('tcp:192.168.1.1:54321')
    expect(transport.getHost().toString()).toBe('tcp:10.0.0.1:12345')
  })

  it('TE-03 has the addresses that it was given', () => {
    const [peer, host] = [new HostnameAddress('a', 1), new HostnameAddress('b', 2)]
    const transport = new StringTransport({ peer, host })
    expect(transport.getPeer()).toBe(peer)
    expect(transport.getHost()).toBe(host)
  })

  it('TE-04 remembers one producer at a time', () => {
    const transport = new StringTransport()
    const producer = new NonStreamingProducer(transport)
    transport.registerProducer(producer, false)
    expect(transport).toMatchObject({ producer, streaming: false })
    expect(() => transport.registerProducer(producer, true)).toThrow(
      expect.objectContaining({ code: 'ERR_SENNIT_PRODUCER_REGISTERED' }),
    )
    transport.unregisterProducer()
    expect(transport).toMatchObject({ producer: undefined, streaming: undefined })
    expect(() => transport.unregisterProducer()).toThrow(
      expect.objectContaining({ code: 'ERR_SENNIT_DOUBLE_STATE' }),
    )
  })

  it('TE-04 tells whether it is to produce', () => {
    const transport = new StringTransport()
    expect(transport.producerState).toBe('producing')
    transport.pauseProducing()
    expect(transport.producerState).toBe('paused')
    transport.resumeProducing()
    expect(transport.producerState).toBe('producing')
    transport.stopProducing()
    expect(transport.producerState).toBe('stopped')
  })

  describe.each([
    ['the close', (transport: StringTransport) => transport.loseConnection()],
    ['an abort', (transport: StringTransport) => transport.abortConnection()],
    ['a stop', (transport: StringTransport) => transport.stopProducing()],
  ])('after %s', (_what, close) => {
    it.each(['pauseProducing', 'resumeProducing'] as const)('TE-04 refuses %s', (method) => {
      const transport = new StringTransport()
      close(transport)
      expect(() => transport[method]()).toThrow(expect.objectContaining({ code: 'ERR_SENNIT_DOUBLE_STATE' }))
    })

    it('TE-04 allows both when it is lenient', () => {
      const transport = new StringTransport({ lenient: true })
      close(transport)
      transport.pauseProducing()
      transport.resumeProducing()
      expect(transport.producerState).toBe('producing')
    })
  })
})
