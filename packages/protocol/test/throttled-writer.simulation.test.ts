/** Random histories of a throttled connection: what a protocol, its producers, the other side and the clock may do, in any order. */
import { describe, expect, it } from 'vitest'
import type { IPullProducer, IPushProducer } from '@sennit/interfaces'
import { Clock } from '@sennit/runtime'
import { IPv4Address } from '../src/addresses.ts'
import { ConnectionLost } from '../src/connection-errors.ts'
import { Factory } from '../src/factory.ts'
import { Protocol } from '../src/protocol.ts'
import { ThrottlingFactory } from '../src/throttling-factory.ts'
import { FakeLog } from './fake-log.ts'
import { SituatedTransport } from './situated-transport.ts'

const SEEDS = 40
const RATE = 1000
const FULL = 64

/** A transport with a buffer that the other side empties when the test says so. */
class Buffering extends SituatedTransport {
  buffered = 0
  isFull = false
  wanted: 'nothing' | 'half' | 'all' = 'nothing'
  isLost = false
  streaming = false
  tell: (reason: Error) => void = () => {}

  override write(data: Uint8Array): void {
    if (this.isLost || (this.wanted !== 'nothing' && this.producer === undefined)) return
    super.write(data)
    this.buffered += data.length
    if (this.buffered <= FULL || this.isFull || this.producer === undefined) return
    this.isFull = true
    if (this.streaming) this.pushProducer.pauseProducing()
  }

  /** The other side takes what there is. */
  take(): void {
    if (this.isLost) return
    this.buffered = 0
    const { isFull } = this
    this.isFull = false
    if (this.producer !== undefined && (isFull || !this.streaming)) this.producer.resumeProducing()
    this.#endIfDone()
  }

  override registerProducer(producer: IPullProducer | IPushProducer, streaming: boolean): void {
    super.registerProducer(producer, streaming)
    this.streaming = streaming
    if (this.isLost) this.producer!.stopProducing()
    else if (!streaming) producer.resumeProducing()
  }

  override unregisterProducer(): void {
    super.unregisterProducer()
    this.isFull = false
    this.#endIfDone()
  }

  override loseConnection(): void {
    super.loseConnection()
    this.wanted = 'all'
    this.#endIfDone()
  }

  override loseWriteConnection(): void {
    super.loseWriteConnection()
    if (this.wanted === 'nothing') this.wanted = 'half'
  }

  override abortConnection(reason?: Error): void {
    super.abortConnection(reason)
    if (this.isLost) return
    this.isLost = true
    this.clock.callLater(0, () => this.#lose())
  }

  #endIfDone(): void {
    if (this.wanted !== 'all' || this.isLost || this.producer !== undefined || this.buffered > 0) return
    this.isLost = true
    this.clock.callLater(0, () => this.#lose())
  }

  #lose(): void {
    this.tell(new ConnectionLost())
    this.producer?.stopProducing()
    this.producer = undefined
  }
}

class Producer implements IPushProducer {
  readonly calls: string[] = []
  isActive = true
  onResume: () => void = () => {}
  pauseProducing() {
    this.calls.push('pause')
  }
  resumeProducing() {
    this.calls.push('resume')
    if (this.isActive) this.onResume()
  }
  stopProducing() {
    this.calls.push('stop')
    this.isActive = false
  }
}

/** A small generator that repeats. */
function generator(seed: number): (below: number) => number {
  let state = seed * 2 + 1
  return (below) => {
    state = (state * 48_271) % 2_147_483_647
    return state % below
  }
}

function history(seed: number) {
  const pick = generator(seed)
  const clock = new Clock()
  const log = new FakeLog()
  const factory = new ThrottlingFactory(Factory.forProtocol(Protocol), { writeLimit: RATE, readLimit: RATE })
  const connect = () => {
    const wrapper = factory.buildProtocol(new IPv4Address('TCP', '127.0.0.1', 1))!
    const transport = new Buffering(clock, log)
    wrapper.makeConnection(transport)
    let isGone = false
    transport.tell = (reason) => {
      isGone = true
      wrapper.connectionLost(reason)
    }
    /** What the protocol has written while it could expect it to be sent. */
    let expected = ''
    let written = 0
    let isEnded = false
    let producer: Producer | undefined
    let streaming = false
    const all: [Producer, boolean][] = []
    const write = (mayBeSent: boolean) => {
      const text = String(written++).padEnd(1 + pick(300), '.')
      if (mayBeSent && !transport.isLost) expected += text
      wrapper.write(Buffer.from(text))
    }
    const step = (): void => {
      switch (pick(14)) {
        case 0:
        case 1:
        case 2:
          write(!isEnded || producer !== undefined)
          break
        case 3:
        case 4:
        case 5:
          transport.take()
          break
        case 6: {
          if (producer !== undefined) break
          const next = new Producer()
          streaming = pick(2) === 0
          next.onResume = () => {
            // It may write when it is resumed, or later, or be done.
            const what = pick(4)
            if (what < 2) write(!isEnded || producer === next)
            else if (what === 2 && producer === next) {
              producer = undefined
              wrapper.unregisterProducer()
            }
          }
          if (isEnded || transport.isLost) {
            wrapper.registerProducer(next, streaming)
            expect(next.calls.at(-1), 'a producer that comes too late').toBe('stop')
            break
          }
          producer = next
          all.push([next, streaming])
          wrapper.registerProducer(next, streaming)
          break
        }
        case 7:
        case 8:
          producer = undefined
          wrapper.unregisterProducer()
          break
        case 9:
          if (pick(12) > 0) break
          isEnded = true
          if (pick(2) === 0) wrapper.loseConnection()
          else wrapper.loseWriteConnection()
          break
        case 10:
          if (pick(40) > 0 || isEnded) break
          isEnded = true
          producer = undefined
          wrapper.readConnectionLost!()
          break
        case 11:
          if (!transport.paused && !transport.isLost) wrapper.dataReceived(Buffer.alloc(1 + pick(300)))
          break
        case 12:
          if (pick(60) === 0) wrapper.abortConnection()
          break
        default:
          clock.advance(pick(20) / 100)
      }
      if (producer?.isActive === false) producer = undefined
    }
    const settle = (): void => {
      producer = undefined
      wrapper.unregisterProducer()
      wrapper.loseConnection()
    }
    const check = (): void => {
      expect(isGone, 'gone in the end').toBe(true)
      const isAborted = transport.calls.includes('abortConnection')
      if (isAborted) expect(expected.startsWith(transport.text), 'in order').toBe(true)
      else expect(transport.text, 'all that was written').toBe(expected)
      for (const [{ calls }, isPush] of all) {
        expect(calls.filter((call) => call === 'stop').length, 'stops').toBeLessThanOrEqual(1)
        const flow = calls.filter((call) => call !== 'stop')
        if (!isPush) expect(flow, 'a pull producer').not.toContain('pause')
        else expect(flow, 'in turns').toEqual(flow.map((_, i) => (i % 2 === 0 ? 'pause' : 'resume')))
      }
    }
    return { transport, step, settle, check, isGone: () => isGone }
  }
  const connections = [connect(), connect()]
  for (let i = 0; i < 150; i++) {
    connections[pick(2)]!.step()
    const sent = connections.reduce((sum, { transport }) => sum + transport.text.length, 0)
    expect(sent, 'the rate').toBeLessThanOrEqual(RATE + RATE * clock.seconds() + 2 * 100)
  }
  for (const each of connections) each.settle()
  for (let i = 0; i < 3000 && connections.some((each) => !each.isGone()); i++) {
    for (const { transport } of connections) transport.take()
    clock.advance(0.05)
  }
  for (const each of connections) each.check()
  return { clock, log }
}

describe('a throttled connection', () => {
  it.each(Array.from({ length: SEEDS }, (_, i) => i + 1))(
    'PR-13 PR-15 PR-18 PR-19 PR-20 sends all in order, no faster than it may, and directs its producers in turns, in history %i',
    (seed) => {
      const { clock, log } = history(seed)
      expect(clock.getDelayedCalls()).toEqual([])
      expect(log.entries).toEqual([])
    },
  )
})
