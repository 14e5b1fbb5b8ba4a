import { describe, expect, it } from 'vitest'
import type { LineReceiverOptions } from '../src/line-cutter.ts'
import { LineReceiver } from '../src/line-receiver.ts'
import { FakeTransport } from './fake-transport.ts'

class Recording extends LineReceiver {
  readonly seen: string[] = []
  onLine: (line: string) => void = () => {}
  onRaw: (data: Buffer) => void = () => {}
  override lineReceived(line: Buffer) {
    this.seen.push(line.toString())
    this.onLine(line.toString())
  }
  override rawDataReceived(data: Buffer) {
    this.seen.push(`raw ${data.toString()}`)
    this.onRaw(data)
  }
}

function connect(options?: LineReceiverOptions) {
  const protocol = new Recording({ delimiter: '\n', ...options })
  const transport = new FakeTransport()
  protocol.makeConnection(transport)
  const receive = (text: string) => protocol.dataReceived(Buffer.from(text))
  return { protocol, transport, receive }
}

describe('LineReceiver in line mode', () => {
  it('hands out each line without its delimiter', () => {
    const { protocol, receive } = connect({ delimiter: '\r\n' })
    expect(protocol.lineMode).toBe(true)
    receive('a\r\nb')
    receive('c\r')
    receive('\n')
    expect(protocol.seen).toEqual(['a', 'bc'])
  })

  it('ends lines with CRLF, and takes 16384 bytes, when nothing else is said', () => {
    class Plain extends LineReceiver {
      override lineReceived() {}
    }
    const protocol = new Plain()
    expect([protocol.delimiter.toString(), protocol.maxLength]).toEqual(['\r\n', 16_384])
  })

  it('closes the connection when a line is too long, and hands out no more', () => {
    const { protocol, transport, receive } = connect({ maxLength: 3 })
    receive('abc\nabcd\nx\n')
    receive('y\n')
    expect(protocol.seen).toEqual(['abc'])
    expect(transport.calls).toEqual(['loseConnection'])
  })

  it('says what it has received from a line that is too long on, and goes on', () => {
    const exceeded: string[] = []
    class Lenient extends Recording {
      override lineLengthExceeded(rest: Buffer) {
        exceeded.push(rest.toString())
        this.setRawMode()
      }
    }
    const protocol = new Lenient({ delimiter: '\n', maxLength: 3 })
    protocol.makeConnection(new FakeTransport())
    protocol.dataReceived(Buffer.from('abcd\ne\n'))
    protocol.dataReceived(Buffer.from('f'))
    expect(exceeded).toEqual(['abcd\ne\n'])
    expect(protocol.seen).toEqual(['raw f'])
  })

  it('hands out no line after the one that closed the connection', () => {
    const { protocol, transport, receive } = connect()
    protocol.onLine = (line) => {
      if (line === 'quit') transport.abortConnection()
    }
    receive('a\nquit\nb\n')
    receive('c\n')
    expect(protocol.seen).toEqual(['a', 'quit'])
  })

  it('keeps the order, and begins no line inside another, when data comes meanwhile', () => {
    const { protocol, receive } = connect()
    const order: string[] = []
    protocol.onLine = (line) => {
      order.push(`${line} begins`)
      if (line === 'a') receive('c\n')
      order.push(`${line} ends`)
    }
    receive('a\nb\n')
    expect(protocol.seen).toEqual(['a', 'b', 'c'])
    expect(order).toEqual(['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends'])
  })

  it('goes on with the next data after a line whose handling threw', () => {
    const { protocol, receive } = connect()
    protocol.onLine = (line) => {
      if (line === 'bad') throw new Error('no')
    }
    expect(() => receive('bad\nb\n')).toThrow('no')
    receive('c\n')
    expect(protocol.seen).toEqual(['bad', 'b', 'c'])
  })

  it('sends a line with its delimiter', () => {
    const { protocol, transport } = connect()
    protocol.sendLine('é')
    protocol.sendLine(Buffer.from('b'))
    expect(transport.text).toBe('é\nb\n')
  })

  it('takes out what is not handed out', () => {
    const { protocol, receive } = connect()
    let rest = ''
    protocol.onLine = () => (rest = protocol.clearLineBuffer().toString())
    receive('a\nb\nc')
    expect([protocol.seen, rest]).toEqual([['a'], 'b\nc'])
    receive('d\n')
    expect(protocol.seen).toEqual(['a', 'd'])
  })
})

describe('LineReceiver in raw mode', () => {
  it('hands out what follows the line that switched as raw bytes', () => {
    const { protocol, receive } = connect()
    protocol.onLine = () => protocol.setRawMode()
    receive('DATA\none\ntwo')
    expect(protocol.lineMode).toBe(false)
    receive('\nthree')
    expect(protocol.seen).toEqual(['DATA', 'raw one\ntwo', 'raw \nthree'])
  })

  it('reads lines again from the bytes that are given back', () => {
    const { protocol, receive } = connect()
    protocol.onLine = (line) => {
      if (line === 'DATA 3') protocol.setRawMode()
    }
    protocol.onRaw = (data) => protocol.setLineMode(data.subarray(3))
    receive('DATA 3\nxyzQUIT\nDATA 3\nuvwNOOP\nre')
    receive('st\n')
    expect(protocol.seen).toEqual([
      'DATA 3',
      'raw xyzQUIT\nDATA 3\nuvwNOOP\nre',
      'QUIT',
      'DATA 3',
      'raw uvwNOOP\nre',
      'NOOP',
      'rest',
    ])
  })

  it('reads bytes that are given back before those that came meanwhile', () => {
    const { protocol, receive } = connect()
    protocol.setRawMode()
    protocol.onRaw = () => {
      receive('later\n')
      protocol.setLineMode(Buffer.from('earlier\n'))
    }
    receive('x')
    expect(protocol.seen).toEqual(['raw x', 'earlier', 'later'])
  })

  it('reads lines at once when it is switched from outside', () => {
    const { protocol, receive } = connect()
    protocol.setRawMode()
    receive('raw\n')
    protocol.setLineMode(Buffer.from('a\nb'))
    expect(protocol.seen).toEqual(['raw raw\n', 'a'])
  })

  it('has no limit', () => {
    const { protocol, receive } = connect({ maxLength: 3 })
    protocol.setRawMode()
    receive('abcdef')
    expect(protocol.seen).toEqual(['raw abcdef'])
  })

  it('must be wanted', () => {
    class Plain extends LineReceiver {
      override lineReceived() {}
    }
    const protocol = new Plain()
    protocol.makeConnection(new FakeTransport())
    protocol.setRawMode()
    expect(() => protocol.dataReceived(Buffer.from('x'))).toThrow(
      expect.objectContaining({ code: 'ERR_SENNIT_HANDLER' }),
    )
  })
})

describe('LineReceiver that is paused', () => {
  it('hands nothing out, and lets the transport read nothing, until it is resumed', () => {
    const { protocol, transport, receive } = connect()
    protocol.onLine = (line) => {
      if (line === 'wait') protocol.pauseProducing()
    }
    receive('a\nwait\nb\n')
    receive('c\n')
    expect(protocol.seen).toEqual(['a', 'wait'])
    expect([protocol.paused, transport.paused]).toEqual([true, true])
    protocol.resumeProducing()
    expect(protocol.seen).toEqual(['a', 'wait', 'b', 'c'])
    expect([protocol.paused, transport.paused]).toEqual([false, false])
  })

  it('leaves the transport paused when what was kept pauses it again', () => {
    const { protocol, transport, receive } = connect()
    protocol.onLine = () => protocol.pauseProducing()
    receive('a\nb\nc\n')
    protocol.resumeProducing()
    expect(protocol.seen).toEqual(['a', 'b'])
    expect(transport.paused).toBe(true)
  })

  it('goes on when it is resumed inside the line that paused it', () => {
    const { protocol, transport, receive } = connect()
    protocol.onLine = () => {
      protocol.pauseProducing()
      protocol.resumeProducing()
    }
    receive('a\nb\n')
    expect(protocol.seen).toEqual(['a', 'b'])
    expect(transport.paused).toBe(false)
  })

  it('stops for good', () => {
    const { protocol, transport, receive } = connect()
    protocol.onLine = () => protocol.stopProducing()
    receive('a\nb\n')
    expect(protocol.seen).toEqual(['a'])
    expect(transport.calls).toEqual(['stopProducing'])
  })
})
