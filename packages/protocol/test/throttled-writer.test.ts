import { describe, expect, it } from 'vitest'
import type { IPushProducer } from '@sennit/interfaces'
import { Clock } from '@sennit/runtime'
import { Throttle } from '../src/throttle.ts'
import { ThrottledWriter } from '../src/throttled-writer.ts'
import { FakeLog } from './fake-log.ts'
import { FakeTransport } from './fake-transport.ts'

class Producer implements IPushProducer {
  readonly calls: string[] = []
  onResume: () => void = () => {}
  pauseProducing() {
    this.calls.push('pause')
  }
  resumeProducing() {
    this.calls.push('resume')
    this.onResume()
  }
  stopProducing() {
    this.calls.push('stop')
  }
}

/** A ten bytes a second; what is saved is spent already. */
function make() {
  const clock = new Clock()
  const throttle = new Throttle(clock, 100)
  throttle.spend({ proceed() {} }, 100)
  const transport = new FakeTransport()
  const log = new FakeLog()
  const writer = new ThrottledWriter(transport, throttle, log)
  const run = (seconds: number) => {
    for (let i = 0; i < seconds * 50; i++) clock.advance(0.02)
  }
  const write = (text: string) => writer.write(Buffer.from(text))
  return { clock, throttle, transport, log, writer, run, write }
}

const ten = 'x'.repeat(10)

describe('ThrottledWriter', () => {
  it('sends at once what may go, keeps the rest, and sends it in order', () => {
    const { transport, write, run } = make()
    write(ten)
    write('2')
    write('')
    write('3')
    expect(transport.text).toBe(ten)
    run(0.08)
    expect(transport.text).toBe(ten)
    run(0.06)
    expect(transport.text).toBe(`${ten}23`)
  })

  it('cuts long chunks, so that they do not go at once', () => {
    const { transport, write, run, clock } = make()
    write('a'.repeat(24))
    const lengths = () => transport.chunks.map(({ length }) => length)
    expect(lengths()).toEqual([10])
    run(0.12)
    expect(lengths()).toEqual([10, 10])
    run(0.1)
    expect(lengths()).toEqual([10, 10, 4])
    run(0.1)
    expect(clock.getDelayedCalls()).toEqual([])
  })

  it('PR-12 takes bytes only', () => {
    const { writer, transport } = make()
    expect(() => writer.write('text' as never)).toThrow(expect.objectContaining({ code: 'ERR_SENNIT_BYTES' }))
    expect(transport.chunks).toEqual([])
  })

  it.each(['loseConnection', 'loseWriteConnection'] as const)(
    'PR-13 does %s when all is sent, and takes nothing more',
    (method) => {
      const { transport, writer, run, write } = make()
      write(ten)
      write('rest')
      writer[method]()
      writer[method]()
      write('late')
      expect(transport.calls).toEqual([])
      run(2)
      expect(transport.text).toBe(`${ten}rest`)
      expect(transport.calls).toEqual([method])
    },
  )

  it('closes at once when nothing waits, although the throttle holds', () => {
    const { transport, writer, write } = make()
    write(ten)
    writer.loseWriteConnection()
    writer.loseConnection()
    expect(transport.calls).toEqual(['loseWriteConnection', 'loseConnection'])
  })

  it('sends nothing any more after it was stopped, and forgets what waits', () => {
    const { transport, writer, run, write, clock } = make()
    write(ten)
    write('rest')
    writer.stop()
    write('late')
    expect(clock.getDelayedCalls()).toEqual([])
    run(5)
    expect(transport.text).toBe(ten)
  })

  it('PR-19 pauses a push producer while the throttle holds or the transport is full, and resumes it to balance that', () => {
    const { transport, writer, run, write } = make()
    const producer = new Producer()
    writer.registerProducer(producer, true)
    expect([transport.calls, producer.calls]).toEqual([['registerProducer true'], []])
    write(ten)
    expect(producer.calls).toEqual(['pause'])
    transport.pushProducer.pauseProducing()
    run(2)
    expect(producer.calls).toEqual(['pause'])
    transport.pushProducer.resumeProducing()
    expect(producer.calls).toEqual(['pause', 'resume'])
    transport.pushProducer.pauseProducing()
    transport.pushProducer.resumeProducing()
    expect(producer.calls).toEqual(['pause', 'resume', 'pause', 'resume'])
  })

  it('keeps a push producer to the rate', () => {
    const { transport, writer, run, write } = make()
    const producer = new Producer()
    producer.onResume = () => {
      while (producer.calls.at(-1) === 'resume') write('x'.repeat(5))
    }
    writer.registerProducer(producer, true)
    producer.resumeProducing()
    run(20)
    const sent = transport.text.length
    expect(sent).toBeGreaterThan(1900)
    expect(sent).toBeLessThanOrEqual(2000 + 100)
  })

  it('PR-19 asks a pull producer once for each time it is asked itself, when the throttle allows it', () => {
    const { transport, writer, run, write } = make()
    const producer = new Producer()
    let produced = 0
    producer.onResume = () => write(`${produced++}`.padStart(10))
    transport.registerProducer = (given, streaming) => {
      transport.producer = given
      transport.calls.push(`registerProducer ${streaming}`)
      given.resumeProducing()
    }
    writer.registerProducer(producer, false)
    expect([transport.calls, produced]).toEqual([['registerProducer false'], 1])
    transport.producer!.resumeProducing()
    transport.producer!.resumeProducing()
    expect(produced).toBe(1)
    run(0.08)
    expect(produced).toBe(1)
    run(0.06)
    expect(produced).toBe(2)
    run(5)
    expect(produced).toBe(2)
    expect(producer.calls).toEqual(['resume', 'resume'])
  })

  it('PR-18 has one producer at most, and stops one that comes after the end', () => {
    const { writer } = make()
    writer.registerProducer(new Producer(), true)
    expect(() => writer.registerProducer(new Producer(), true)).toThrow(
      expect.objectContaining({ code: 'ERR_SENNIT_PRODUCER_REGISTERED' }),
    )
    writer.unregisterProducer()
    writer.unregisterProducer()
    writer.loseConnection()
    const late = new Producer()
    writer.registerProducer(late, true)
    expect(late.calls).toEqual(['stop'])
  })

  it('PR-13 closes when the producer is done, and what it wrote is sent', () => {
    const { transport, writer, run, write } = make()
    const producer = new Producer()
    writer.registerProducer(producer, true)
    writer.loseConnection()
    write(ten)
    write('rest')
    writer.unregisterProducer()
    write('late')
    expect(transport.calls).toEqual(['registerProducer true', 'loseConnection'])
    run(2)
    expect(transport.text).toBe(`${ten}rest`)
    expect(transport.calls).toEqual(['registerProducer true', 'loseConnection', 'unregisterProducer'])
  })

  it('takes another producer while what the first one wrote has yet to be sent', () => {
    const { transport, writer, run, write } = make()
    writer.registerProducer(new Producer(), true)
    write(ten)
    write('rest')
    writer.unregisterProducer()
    expect(transport.calls).toEqual(['registerProducer true'])
    const second = new Producer()
    writer.registerProducer(second, true)
    expect(transport.calls).toEqual(['registerProducer true', 'unregisterProducer', 'registerProducer true'])
    expect(second.calls).toEqual(['pause'])
    run(2)
    expect([transport.text, second.calls]).toEqual([`${ten}rest`, ['pause', 'resume']])
    expect(transport.calls).toHaveLength(3)
  })

  it('PR-20 stops the producer when the connection is gone', () => {
    const { transport, writer, write, clock } = make()
    const producer = new Producer()
    writer.registerProducer(producer, true)
    write(ten)
    write('rest')
    transport.pushProducer.stopProducing()
    transport.pushProducer.stopProducing()
    expect(producer.calls).toEqual(['pause', 'stop'])
    expect(clock.getDelayedCalls()).toEqual([])
  })

  it('logs what a producer throws when it is resumed by the clock, and aborts its connection', () => {
    const { transport, writer, run, write, log } = make()
    const producer = new Producer()
    producer.onResume = () => {
      throw new Error('no')
    }
    writer.registerProducer(producer, true)
    write(ten)
    run(2)
    expect(transport.calls).toEqual(['registerProducer true', 'abortConnection'])
    expect(log.entries).toMatchObject([
      { level: 'error', message: 'resumeProducing threw; its connection is closed' },
    ])
  })

  it('costs no more for many small chunks than their number', () => {
    const { transport, writer, run } = make()
    writer.write(Buffer.alloc(10_000))
    const start = performance.now()
    for (let i = 0; i < 200_000; i++) writer.write(Buffer.alloc(1))
    expect(performance.now() - start).toBeLessThan(2000)
    run(120)
    expect(transport.chunks.length).toBeGreaterThan(100)
  })
})
