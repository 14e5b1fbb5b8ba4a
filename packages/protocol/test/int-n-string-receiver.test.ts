import { describe, expect, it } from 'vitest'
import {
  Int16StringReceiver,
  Int32StringReceiver,
  Int8StringReceiver,
  IntNStringReceiver,
} from '../src/int-n-string-receiver.ts'
import type { StringOptions } from '../src/string-cutter.ts'
import { FakeTransport } from './fake-transport.ts'

class Echo8 extends Int8StringReceiver {
  override stringReceived(string: Buffer) {
    this.sendString(string)
  }
}
class Echo16 extends Int16StringReceiver {
  override stringReceived(string: Buffer) {
    this.sendString(string)
  }
}
class Echo24 extends IntNStringReceiver {
  constructor(options?: StringOptions) {
    super(3, options)
  }
  override stringReceived(string: Buffer) {
    this.sendString(string)
  }
}
class Echo32 extends Int32StringReceiver {
  override stringReceived(string: Buffer) {
    this.sendString(string)
  }
}

describe.each([
  ['Int8StringReceiver', Echo8, 1],
  ['Int16StringReceiver', Echo16, 2],
  ['a receiver with a length of 24 bits', Echo24, 3],
  ['Int32StringReceiver', Echo32, 4],
])('%s', (_, Echo, size) => {
  it('receives and sends strings with their length before them', () => {
    const protocol = new Echo()
    const transport = new FakeTransport()
    protocol.makeConnection(transport)
    const stream = Buffer.from(`${'\0'.repeat(size - 1)}\x05hello${'\0'.repeat(size)}`)
    for (const byte of stream) protocol.dataReceived(Uint8Array.of(byte))
    expect(transport.text).toBe(stream.toString())
    expect([protocol.prefixLength, protocol.maxLength]).toEqual([size, 99_999])
  })

  it('takes a limit', () => {
    const protocol = new Echo({ maxLength: 4 })
    const transport = new FakeTransport()
    protocol.makeConnection(transport)
    protocol.dataReceived(Buffer.from(`${'\0'.repeat(size - 1)}\x05hello`))
    expect([transport.text, transport.calls]).toEqual(['', ['loseConnection']])
  })
})
