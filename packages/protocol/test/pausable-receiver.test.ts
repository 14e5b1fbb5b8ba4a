import { describe, expect, it } from 'vitest'
import { PausableReceiver } from '../src/pausable-receiver.ts'
import { FakeTransport } from './fake-transport.ts'

/** Takes one byte as one thing. */
class Bytewise extends PausableReceiver {
  readonly seen: number[] = []
  readonly waiting: number[] = []
  onByte: (byte: number) => void = () => {}
  override dataReceived(data: Uint8Array) {
    this.waiting.push(...data)
    this.handOutAll()
  }
  protected override handOutNext(): boolean {
    const byte = this.waiting.shift()
    if (byte === undefined) return false
    this.seen.push(byte)
    this.onByte(byte)
    return true
  }
}

function connect(onByte: (this: Bytewise, byte: number, transport: FakeTransport) => void = () => {}) {
  const protocol = new Bytewise()
  const transport = new FakeTransport()
  protocol.onByte = (byte) => onByte.call(protocol, byte, transport)
  protocol.makeConnection(transport)
  return {
    protocol,
    transport,
    receive: (...bytes: number[]) => protocol.dataReceived(Uint8Array.from(bytes)),
  }
}

describe('PausableReceiver', () => {
  it('hands everything out', () => {
    const { protocol, receive } = connect()
    receive(1, 2)
    receive(3)
    expect(protocol.seen).toEqual([1, 2, 3])
    expect(protocol.paused).toBe(false)
  })

  it('keeps what there is while it is paused inside a hook, also from what comes meanwhile', () => {
    const { protocol, transport, receive } = connect(function (byte) {
      if (byte === 2) this.pauseProducing()
    })
    receive(1, 2, 3, 4)
    receive(5)
    expect([protocol.seen, protocol.paused, transport.paused]).toEqual([[1, 2], true, true])
    protocol.resumeProducing()
    expect([protocol.seen, protocol.paused, transport.paused]).toEqual([[1, 2, 3, 4, 5], false, false])
  })

  it('stays paused when the rest pauses it again', () => {
    const { protocol, transport, receive } = connect(function (byte) {
      if (byte % 2 === 0) this.pauseProducing()
    })
    receive(1, 2, 3, 4, 5)
    protocol.resumeProducing()
    expect([protocol.seen, transport.paused]).toEqual([[1, 2, 3, 4], true])
  })

  it('goes on when it is paused and resumed inside one hook, in order', () => {
    const { protocol, transport, receive } = connect(function (byte) {
      if (byte !== 1) return
      this.pauseProducing()
      this.resumeProducing()
      expect(this.seen).toEqual([1])
    })
    receive(1, 2, 3)
    expect([protocol.seen, transport.paused]).toEqual([[1, 2, 3], false])
  })

  it('hands out nothing inside a hook, and what comes there after the rest', () => {
    const depths: number[] = []
    let depth = 0
    const { protocol, receive } = connect(function (byte) {
      depths.push(++depth)
      if (byte === 1) receive(9)
      depth--
    })
    receive(1, 2)
    expect([protocol.seen, depths]).toEqual([
      [1, 2, 9],
      [1, 1, 1],
    ])
  })

  it.each(['loseConnection', 'abortConnection'] as const)('hands out nothing after %s', (method) => {
    const { protocol, receive } = connect((byte, transport) => {
      if (byte === 2) transport[method]()
    })
    receive(1, 2, 3)
    receive(4)
    expect(protocol.seen).toEqual([1, 2])
  })

  it('hands out nothing any more, and closes the connection, when it is stopped', () => {
    const { protocol, transport, receive } = connect(function (byte) {
      if (byte === 2) this.stopProducing()
    })
    transport.stopProducing = () => void transport.calls.push('stopProducing')
    receive(1, 2, 3)
    receive(4)
    expect([protocol.seen, transport.calls]).toEqual([[1, 2], ['stopProducing']])
  })

  it('can hand out more after a hook threw', () => {
    const { protocol, receive } = connect((byte) => {
      if (byte === 1) throw new Error('no')
    })
    expect(() => receive(1, 2)).toThrow('no')
    receive(3)
    expect(protocol.seen).toEqual([1, 2, 3])
  })
})
