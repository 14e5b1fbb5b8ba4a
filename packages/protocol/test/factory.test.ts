import { describe, expect, it } from 'vitest'
import { IPv4Address } from '../src/addresses.ts'
import { Factory } from '../src/factory.ts'
import { Protocol } from '../src/protocol.ts'
import { FakeLog } from './fake-log.ts'

const address = new IPv4Address('TCP', '127.0.0.1', 1)

class Recording extends Factory {
  readonly calls: string[] = []
  override startFactory() {
    this.calls.push('start')
  }
  override stopFactory() {
    this.calls.push('stop')
  }
}

describe('Factory', () => {
  it('PR-03 starts with its first use and stops with its last', () => {
    const factory = new Recording()
    factory.doStart()
    factory.doStart()
    expect(factory.calls).toEqual(['start'])
    factory.doStop()
    expect(factory.calls).toEqual(['start'])
    factory.doStop()
    expect(factory.calls).toEqual(['start', 'stop'])
  })

  it('PR-03 ignores one stop too many', () => {
    const factory = new Recording()
    factory.doStop()
    factory.doStart()
    factory.doStop()
    factory.doStop()
    expect(factory.calls).toEqual(['start', 'stop'])
    factory.doStart()
    expect(factory.calls).toEqual(['start', 'stop', 'start'])
  })

  it('PR-03 is not in use when its start throws', () => {
    let fails = true
    class Failing extends Recording {
      override startFactory() {
        if (fails) throw new Error('no')
        super.startFactory()
      }
    }
    const factory = new Failing()
    expect(() => factory.doStart()).toThrow('no')
    fails = false
    factory.doStart()
    expect(factory.calls).toEqual(['start'])
  })

  it('PR-03 logs its start and its stop when it is given a log', () => {
    const log = new FakeLog()
    const factory = new Factory({ log })
    factory.doStart()
    factory.doStart()
    factory.doStop()
    factory.doStop()
    expect(log.entries).toEqual([
      { level: 'debug', message: 'A factory starts', factory: 'Factory' },
      { level: 'debug', message: 'A factory stops', factory: 'Factory' },
    ])
  })

  it('PR-04 builds an object of its class, and says who built it', () => {
    class Chat extends Protocol {}
    class ChatFactory extends Factory<Chat> {
      override protocol = Chat
    }
    const factory = new ChatFactory()
    const one = factory.buildProtocol(address)
    const two = factory.buildProtocol(address)
    expect(one).toBeInstanceOf(Chat)
    expect(one?.factory).toBe(factory)
    expect(two).not.toBe(one)
  })

  it('PR-04 forProtocol is a shortcut, which passes arguments on', () => {
    class Greeter extends Protocol {
      readonly words: readonly unknown[]
      constructor(greeting: string, times: number) {
        super()
        this.words = [greeting, times]
      }
    }
    const factory = Factory.forProtocol(Greeter, 'hello', 2)
    const protocol = factory.buildProtocol(address)
    expect(protocol).toBeInstanceOf(Greeter)
    expect(protocol?.words).toEqual(['hello', 2])
    expect(protocol?.factory).toBe(factory)
  })

  it('PR-04 forProtocol of a subclass makes an object of that', () => {
    expect(Recording.forProtocol(Protocol)).toBeInstanceOf(Recording)
  })

  it('PR-04 refuses to build without a class', () => {
    expect(() => new Factory().buildProtocol(address)).toThrow(
      expect.objectContaining({ code: 'ERR_SENNIT_HANDLER' }),
    )
  })
})
