import { Duplex } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { bytesGone } from '../src/bytes-gone.ts'

class Socket extends Duplex {
  bytesWritten = 0
  override _read(): void {}
  override _write(): void {
    // Never done: what is written waits.
  }
}

describe('bytesGone', () => {
  it('leaves out what waits', () => {
    const socket = new Socket()
    socket.write('0123456789')
    socket.bytesWritten = 14
    expect(bytesGone(socket)).toBe(4)
  })

  it('takes what Node says of a socket that is cut', () => {
    const socket = new Socket()
    socket.write('0123456789')
    socket.bytesWritten = 4
    socket.destroy()
    expect(bytesGone(socket)).toBe(4)
  })

  it('is nothing of a stream that does not count', () => {
    expect(bytesGone(new Duplex())).toBe(0)
  })
})
