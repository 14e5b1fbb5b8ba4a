import { describe, expect, it } from 'vitest'
import type { LineReceiverOptions } from '../src/line-cutter.ts'
import { LineOnlyReceiver } from '../src/line-only-receiver.ts'
import { FakeTransport } from './fake-transport.ts'

class Recording extends LineOnlyReceiver {
  readonly lines: string[] = []
  onLine: (line: string) => void = () => {}
  override lineReceived(line: Buffer) {
    this.lines.push(line.toString())
    this.onLine(line.toString())
  }
}

function connect(options?: LineReceiverOptions) {
  const protocol = new Recording(options)
  const transport = new FakeTransport()
  protocol.makeConnection(transport)
  const receive = (text: string) => protocol.dataReceived(Buffer.from(text))
  return { protocol, transport, receive }
}

describe('LineOnlyReceiver', () => {
  it('hands out each line without its delimiter', () => {
    const { protocol, receive } = connect()
    receive('a\r\nb')
    receive('c\r\n\r\nd')
    expect(protocol.lines).toEqual(['a', 'bc', ''])
  })

  it('takes a delimiter and a limit', () => {
    const { protocol, transport, receive } = connect({ delimiter: ';', maxLength: 2 })
    expect([protocol.delimiter.toString(), protocol.maxLength]).toEqual([';', 2])
    receive('a;bb;ccc;d;')
    expect(protocol.lines).toEqual(['a', 'bb'])
    expect(transport.calls).toEqual(['loseConnection'])
  })

  it('says what it has received from a line that is too long on', () => {
    const exceeded: string[] = []
    class Lenient extends Recording {
      override lineLengthExceeded(rest: Buffer) {
        exceeded.push(rest.toString())
      }
    }
    const protocol = new Lenient({ maxLength: 2 })
    protocol.makeConnection(new FakeTransport())
    protocol.dataReceived(Buffer.from('a\r\nbbb\r\nc\r\n'))
    protocol.dataReceived(Buffer.from('d\r\n'))
    expect(exceeded).toEqual(['bbb\r\nc\r\n'])
    expect(protocol.lines).toEqual(['a', 'd'])
  })

  it('hands out no line after the one that closed the connection', () => {
    const { protocol, transport, receive } = connect()
    protocol.onLine = (line) => {
      if (line === 'quit') transport.loseConnection()
    }
    receive('a\r\nquit\r\nb\r\n')
    receive('c\r\n')
    expect(protocol.lines).toEqual(['a', 'quit'])
  })

  it('keeps the order, and begins no line inside another, when data comes meanwhile', () => {
    const { protocol, receive } = connect()
    const order: string[] = []
    protocol.onLine = (line) => {
      order.push(`${line} begins`)
      if (line === 'a') receive('c\r\n')
      order.push(`${line} ends`)
    }
    receive('a\r\nb\r\n')
    expect(protocol.lines).toEqual(['a', 'b', 'c'])
    expect(order).toEqual(['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends'])
  })

  it('goes on with the next data after a line whose handling threw', () => {
    const { protocol, receive } = connect()
    protocol.onLine = (line) => {
      if (line === 'bad') throw new Error('no')
    }
    expect(() => receive('bad\r\nb\r\n')).toThrow('no')
    receive('c\r\n')
    expect(protocol.lines).toEqual(['bad', 'b', 'c'])
  })

  it('sends a line with its delimiter', () => {
    const { protocol, transport } = connect()
    protocol.sendLine('é')
    protocol.sendLine(new Uint8Array([98]))
    expect(transport.text).toBe('é\r\nb\r\n')
  })
})
