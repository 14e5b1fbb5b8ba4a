import { type Duplex, PassThrough } from 'node:stream'
import { Socket } from 'node:net'
import { describe, expect, it } from 'vitest'
import { Handshakes } from '../src/handshakes.ts'

/** A socket of a connection; `said` is what a proxy has told about it. */
function socket(remotePort: number | undefined, said?: number): Duplex {
  const made = new Socket()
  // Where Node keeps what it has asked the system for.
  Object.assign(made, {
    _handle: {
      getpeername: (out: object) =>
        void Object.assign(out, remotePort && { address: '192.0.2.1', port: remotePort }),
      getsockname: () => {},
      close: () => {},
    },
  })
  if (said !== undefined) Object.defineProperty(made, 'remotePort', { value: said })
  return made
}

describe('Handshakes', () => {
  it('finds what an encrypted socket has come of, once', () => {
    const handshakes = new Handshakes<string>()
    handshakes.add(socket(1001), 'first')
    handshakes.add(socket(1002), 'second')
    expect(handshakes.take(socket(1002))).toBe('second')
    expect(handshakes.take(socket(1002))).toBeUndefined()
    expect(handshakes.take(socket(1001))).toBe('first')
  })

  it('takes none that was given elsewhere', () => {
    const handshakes = new Handshakes<string>()
    handshakes.add(socket(1001), 'first')
    expect(handshakes.take(socket(1002))).toBeUndefined()
  })

  it('heeds nothing that a proxy has said', () => {
    const handshakes = new Handshakes<string>()
    handshakes.add(socket(1001, 7), 'first')
    expect(handshakes.take(socket(1001))).toBe('first')
  })

  it('takes those without an address in their order', () => {
    const handshakes = new Handshakes<string>()
    handshakes.add(socket(undefined), 'first')
    handshakes.add(new PassThrough(), 'second')
    expect([handshakes.take(new PassThrough()), handshakes.take(socket(undefined))]).toEqual([
      'first',
      'second',
    ])
  })

  it('forgets those that are closed', () => {
    const handshakes = new Handshakes<string>()
    const gone = new PassThrough()
    handshakes.add(gone, 'gone')
    gone.emit('close')
    expect(handshakes.take(new PassThrough())).toBeUndefined()
  })
})
