import { describe, expect, it } from 'vitest'
import { ConnectionDone } from '../src/connection-errors.ts'
import { LineReceiver } from '../src/line-receiver.ts'
import { Protocol } from '../src/protocol.ts'
import { TimeoutMixin } from '../src/timeout-mixin.ts'
import { SituatedTransport } from './situated-transport.ts'

class Login extends TimeoutMixin(LineReceiver) {
  readonly seen: string[] = []
  override connectionMade() {
    this.seen.push(`made, ${this.timeOut} s`)
  }
  override lineReceived(line: Buffer) {
    this.seen.push(line.toString())
    this.resetTimeout()
  }
}

function connect(protocol = new Login({ delimiter: '\n' })) {
  const transport = new SituatedTransport()
  protocol.makeConnection(transport)
  return { protocol, transport, clock: transport.clock }
}

describe('TimeoutMixin', () => {
  it('closes the connection when nothing resets the timeout in time', () => {
    const { protocol, transport, clock } = connect()
    expect(protocol.setTimeout('10s')).toBe(Infinity)
    expect(protocol.timeOut).toBe(10)
    clock.advance(9)
    protocol.dataReceived(Buffer.from('user\n'))
    clock.pump([9, 0])
    expect(transport.calls).toEqual([])
    clock.pump([1, 0])
    expect(transport.calls).toEqual(['loseConnection'])
  })

  it('aborts a connection that does not close', () => {
    const { protocol, transport, clock } = connect()
    protocol.setTimeout(1)
    clock.pump([1, 0, 5])
    expect(transport.calls).toEqual(['loseConnection', 'abortConnection'])
  })

  it('has no timeout, and no timer, until one is set, and after it is taken away', () => {
    const { protocol, clock } = connect()
    protocol.resetTimeout()
    expect([protocol.timeOut, clock.getDelayedCalls()]).toEqual([Infinity, []])
    protocol.setTimeout(10)
    expect(protocol.setTimeout(undefined)).toBe(10)
    expect([protocol.timeOut, clock.getDelayedCalls()]).toEqual([Infinity, []])
  })

  it('counts from the connection when it is set before', () => {
    const protocol = new Login()
    protocol.setTimeout('3s')
    const { transport, clock } = connect(protocol)
    expect(protocol.seen).toEqual(['made, 3 s'])
    clock.pump([2.9, 0])
    expect(transport.calls).toEqual([])
    clock.pump([0.1, 0])
    expect(transport.calls).toEqual(['loseConnection'])
  })

  it('can be set in connectionMade', () => {
    class Impatient extends TimeoutMixin(Protocol) {
      override connectionMade() {
        this.setTimeout(1)
      }
    }
    const protocol = new Impatient()
    const transport = new SituatedTransport()
    protocol.makeConnection(transport)
    transport.clock.pump([1, 0])
    expect(transport.calls).toEqual(['loseConnection'])
  })

  it('ends with the connection', () => {
    const { protocol, transport, clock } = connect()
    protocol.setTimeout(10)
    protocol.connectionLost(new ConnectionDone())
    protocol.setTimeout(10)
    clock.pump([10, 0])
    expect([transport.calls, clock.getDelayedCalls(), protocol.connected]).toEqual([[], [], false])
  })

  it('calls timeoutConnection once, which may do something else, and set another timeout', () => {
    class Polite extends Login {
      override timeoutConnection() {
        this.seen.push('still there?')
        if (this.seen.length === 3) super.timeoutConnection()
        else this.setTimeout(this.timeOut)
      }
    }
    const protocol = new Polite()
    const { transport, clock } = connect(protocol)
    protocol.setTimeout(10)
    clock.pump([10, 0])
    expect([protocol.seen.length, transport.calls]).toEqual([2, []])
    clock.pump([10, 0])
    expect([protocol.seen.length, transport.calls]).toEqual([3, ['loseConnection']])
    clock.pump([10, 0])
    expect(protocol.seen).toHaveLength(3)
  })

  it('logs what timeoutConnection throws, and aborts the connection', () => {
    class Broken extends Login {
      override timeoutConnection() {
        throw new Error('no')
      }
    }
    const protocol = new Broken()
    const { transport, clock } = connect(protocol)
    protocol.setTimeout(1)
    clock.pump([1, 0])
    expect(transport.calls).toEqual(['abortConnection'])
    expect(transport.log.entries).toMatchObject([
      { level: 'error', message: 'timeoutConnection threw; its connection is closed' },
    ])
  })

  it('refuses what is no duration, and keeps what was set', () => {
    const { protocol } = connect()
    protocol.setTimeout(10)
    expect(() => protocol.setTimeout(-1)).toThrow(expect.objectContaining({ code: 'ERR_SENNIT_DURATION' }))
    expect(protocol.timeOut).toBe(10)
  })
})
