import type {
  IHalfCloseableProtocol,
  IHandshakeListener,
  IProtocol,
  IStopRequested,
} from '@sennit/interfaces'
import { hasRole } from '@sennit/runtime'
import { StringTransport } from '@sennit/testing'
import { describe, expect, it } from 'vitest'
import { ForwardingProtocol } from '../src/forwarding-protocol.ts'
import { Recorder } from './doubles.ts'

class Outer extends ForwardingProtocol {
  makeConnection(): void {}
  tell(target: IProtocol): this {
    this.target = target
    return this
  }
}

type All = IHalfCloseableProtocol & IHandshakeListener & IStopRequested
const HOOKS = ['readConnectionLost', 'writeConnectionLost', 'handshakeCompleted', 'stopRequested'] as const

describe('ForwardingProtocol', () => {
  it('EP-15 passes data and the loss on', () => {
    const target = new Recorder()
    target.makeConnection(new StringTransport())
    const outer = new Outer().tell(target)
    outer.dataReceived(Buffer.from('x'))
    outer.connectionLost(new Error('gone'))
    expect(target.events).toEqual(['made', 'x', 'lost'])
  })

  it.each(HOOKS)('EP-15 has %s if, and only if, its target has it', (hook) => {
    const called: unknown[] = []
    const target = Object.assign(new Recorder(), {
      [hook](this: Recorder) {
        called.push(this)
      },
    })
    const outer = new Outer()
    expect(hasRole<All>(outer, [hook])).toBe(false)
    expect(hasRole<All>(outer.tell(new Recorder()), [hook])).toBe(false)
    expect(hasRole<All>(outer.tell(target), [hook])).toBe(true)
    outer[hook]!()
    expect(called).toEqual([target])
  })

  it('passes nothing on before it has a target', () => {
    const outer = new Outer()
    outer.dataReceived(Buffer.from('x'))
    outer.connectionLost(new Error('gone'))
    expect(outer.logPrefix()).toBe('Object')
  })

  it('EP-16 is called in the log what its target is called', () => {
    expect(new Outer().tell(new Recorder()).logPrefix()).toBe('Recorder')
    const named = Object.assign(new Recorder(), { logPrefix: () => 'carbon' })
    expect(new Outer().tell(named).logPrefix()).toBe('carbon')
  })
})
