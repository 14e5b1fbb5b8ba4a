import { describe, expect, it } from 'vitest'
import { MemoryLog } from '../../../src/index.ts'
import { Outbox } from '../../../src/world/streams/outbox.ts'
import { VirtualTime } from '../../../src/world/time/virtual-time.ts'

const WINDOW = 65536

function newOutbox() {
  const time = new VirtualTime({ log: new MemoryLog(), patience: 0, pending: () => [] })
  const sent: number[] = []
  let drained = 0
  const outbox = new Outbox(time, {
    transmit: (data) => {
      // Sizes are looked at in a later turn, when all of the instant is in.
      time.soon(() => sent.push(data.take().length))
    },
    allSent: () => {
      drained++
    },
    call: (_hook, call) => call(),
  })
  return { time, outbox, sent, drained: () => drained }
}

describe('Outbox', () => {
  it('sends what fits into the window, and keeps the rest', async () => {
    const { time, outbox, sent } = newOutbox()
    outbox.write(Buffer.alloc(100_000))
    expect(outbox.isEmpty).toBe(false)
    await time.advance(0)
    expect(sent).toEqual([WINDOW])
  })

  it('asks for word of room once, and sends on when it comes', async () => {
    const { time, outbox, sent, drained } = newOutbox()
    outbox.write(Buffer.alloc(2 * WINDOW + 1))
    await time.advance(0)
    expect(outbox.read(WINDOW - 10)).toBe(true)
    expect(outbox.read(10)).toBe(false)
    outbox.roomHasCome()
    await time.advance(0)
    expect(sent).toEqual([WINDOW, WINDOW])
    expect(outbox.read(WINDOW)).toBe(true)
    outbox.roomHasCome()
    expect(outbox.isEmpty).toBe(true)
    expect(drained()).toBe(0)
    await time.advance(0)
    expect(sent).toEqual([WINDOW, WINDOW, 1])
    expect(drained()).toBe(1)
    expect(outbox.read(1)).toBe(false)
  })

  it('drops what waits, not what is under way', async () => {
    const { time, outbox, sent } = newOutbox()
    outbox.write(Buffer.alloc(2 * WINDOW))
    outbox.clear()
    expect(outbox.isEmpty).toBe(true)
    outbox.read(WINDOW)
    outbox.roomHasCome()
    await time.advance(0)
    expect(sent).toEqual([WINDOW])
  })

  it('gives the producer back', () => {
    const { outbox } = newOutbox()
    const producer = { resumeProducing() {}, pauseProducing() {}, stopProducing() {} }
    expect(outbox.hasProducer).toBe(false)
    outbox.register(producer, true)
    expect(outbox.hasProducer).toBe(true)
    expect(outbox.unregister()).toBe(producer)
    expect(outbox.unregister()).toBeUndefined()
  })

  it('asks no producer that has left in the meantime', async () => {
    const { time, outbox, drained } = newOutbox()
    let asked = 0
    const producer = { resumeProducing: () => void asked++, stopProducing() {} }
    outbox.register(producer, false)
    outbox.write(Buffer.from('a'))
    outbox.unregister()
    await time.advance(0)
    expect(asked).toBe(1)
    expect(drained()).toBe(1)
  })
})
