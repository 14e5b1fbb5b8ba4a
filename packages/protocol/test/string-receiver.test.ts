import { describe, expect, it } from 'vitest'
import { netstringFraming, prefixFraming } from '../src/framing.ts'
import type { NetstringParseError } from '../src/framing-errors.ts'
import type { StringOptions } from '../src/string-cutter.ts'
import { StringReceiver } from '../src/string-receiver.ts'
import { FakeTransport } from './fake-transport.ts'

class Recording extends StringReceiver {
  readonly seen: string[] = []
  onString: (string: string) => void = () => {}
  override stringReceived(string: Buffer) {
    this.seen.push(string.toString())
    this.onString(string.toString())
  }
}

class Lenient extends Recording {
  override lengthLimitExceeded(length: number) {
    this.seen.push(`too long: ${length}`)
  }
  override parseFailed(error: NetstringParseError) {
    this.seen.push(error.code)
  }
}

function connect(options?: StringOptions, Kind: typeof Recording = Recording) {
  const protocol = new Kind(netstringFraming, options)
  const transport = new FakeTransport()
  protocol.makeConnection(transport)
  return { protocol, transport, receive: (text: string) => protocol.dataReceived(Buffer.from(text)) }
}

describe('StringReceiver', () => {
  it('hands out each string', () => {
    const { protocol, receive } = connect()
    receive('1:a,2:b')
    receive('c,0:,')
    expect([protocol.seen, protocol.maxLength, protocol.brokenPeer]).toEqual([['a', 'bc', ''], 99_999, false])
  })

  it('closes the connection when a string is too long, and hands out no more', () => {
    const { protocol, transport, receive } = connect({ maxLength: 3 })
    receive('3:abc,4:abcd,1:x,')
    receive('1:y,')
    expect([protocol.seen, transport.calls, protocol.brokenPeer]).toEqual([
      ['abc'],
      ['loseConnection'],
      false,
    ])
  })

  it('leaves a string out that is too long when the connection is kept', () => {
    const { protocol, transport, receive } = connect({ maxLength: 3 }, Lenient)
    receive('4:ab')
    receive('cd')
    receive(',1:x,5:')
    receive('hello,1:y,')
    expect([protocol.seen, transport.calls]).toEqual([['too long: 4', 'x', 'too long: 5', 'y'], []])
  })

  it('closes the connection when something comes that is no string', () => {
    const { protocol, transport, receive } = connect()
    receive('1:a,GET / HTTP/1.1\r\n')
    receive('1:b,')
    expect([protocol.seen, transport.calls, protocol.brokenPeer]).toEqual([['a'], ['loseConnection'], true])
  })

  it('is told once of what is no string, and receives nothing any more, also when the connection is kept', () => {
    const { protocol, transport, receive } = connect({}, Lenient)
    receive('1:a,x')
    receive('1:b,')
    expect([protocol.seen, transport.calls, protocol.brokenPeer]).toEqual([
      ['a', 'ERR_SENNIT_NETSTRING'],
      [],
      true,
    ])
  })

  it('keeps what there is while it is paused, and nothing is handed out inside a hook', () => {
    const { protocol, transport, receive } = connect()
    protocol.onString = (string) => {
      if (string === 'a') receive('1:d,')
      if (string === 'b') protocol.pauseProducing()
    }
    receive('1:a,1:b,1:c,')
    expect([protocol.seen, transport.paused]).toEqual([['a', 'b'], true])
    protocol.resumeProducing()
    expect([protocol.seen, transport.paused]).toEqual([['a', 'b', 'c', 'd'], false])
  })

  it('hands out no string after the one that closed the connection', () => {
    const { protocol, transport, receive } = connect()
    protocol.onString = (string) => {
      if (string === 'b') transport.loseConnection()
    }
    receive('1:a,1:b,1:c,')
    expect(protocol.seen).toEqual(['a', 'b'])
  })

  it('sends strings, as bytes or text', () => {
    const { protocol, transport } = connect()
    protocol.sendString('é')
    protocol.sendString(new Uint8Array([98]))
    expect(transport.text).toBe('2:é,1:b,')
  })

  it('sends nothing of what is no string, or one that is too long for its prefix', () => {
    const { protocol, transport } = connect()
    expect(() => protocol.sendString(5 as never)).toThrow(
      expect.objectContaining({ code: 'ERR_SENNIT_BYTES' }),
    )
    const short = new Recording(prefixFraming(1))
    short.makeConnection(transport)
    expect(() => short.sendString('x'.repeat(256))).toThrow(
      expect.objectContaining({ code: 'ERR_SENNIT_STRING_TOO_LONG' }),
    )
    expect(transport.chunks).toEqual([])
  })
})
