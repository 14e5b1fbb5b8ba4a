import { describe, expect, it } from 'vitest'
import { AbstractDatagramProtocol } from '../src/abstract-datagram-protocol.ts'

class Recording extends AbstractDatagramProtocol<string> {
  readonly calls: string[] = []
  override startProtocol() {
    this.calls.push(`start ${this.transport}`)
  }
  override stopProtocol() {
    this.calls.push('stop')
  }
}

describe('AbstractDatagramProtocol', () => {
  it('starts with its first port, whose transport is there', () => {
    const protocol = new Recording()
    protocol.makeConnection('one')
    protocol.makeConnection('other')
    expect(protocol.calls).toEqual(['start one'])
    expect(protocol.transport).toBe('other')
  })

  it('stops with its last port, and ignores one stop too many', () => {
    const protocol = new Recording()
    protocol.makeConnection('one')
    protocol.makeConnection('other')
    protocol.doStop()
    expect(protocol.calls).toEqual(['start one'])
    protocol.doStop()
    protocol.doStop()
    expect(protocol.calls).toEqual(['start one', 'stop'])
  })

  it('starts also after one stop too many', () => {
    const protocol = new Recording()
    protocol.doStop()
    protocol.makeConnection('one')
    expect(protocol.calls).toEqual(['start one'])
  })

  it('is not in use when its start throws', () => {
    class Failing extends Recording {
      override startProtocol() {
        throw new Error('no')
      }
    }
    const protocol = new Failing()
    expect(() => protocol.makeConnection('one')).toThrow('no')
    protocol.doStop()
    expect(protocol.calls).toEqual([])
  })

  it('needs no hooks', () => {
    class Silent extends AbstractDatagramProtocol<string> {}
    const protocol = new Silent()
    protocol.makeConnection('one')
    expect(() => protocol.doStop()).not.toThrow()
  })
})
