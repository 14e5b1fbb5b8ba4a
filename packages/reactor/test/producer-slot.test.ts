import type { Socket } from 'node:net'
import { Writable } from 'node:stream'
import { beforeEach, describe, expect, it } from 'vitest'
import { realTurn } from '@sennit/runtime'
import { HIGH_WATER_MARK, ProducerSlot } from '../src/producer-slot.ts'

describe('ProducerSlot', () => {
  let calls: string[]
  let failures: [unknown, string][]
  let taken: (() => void)[]
  let socket: Writable
  let slot: ProducerSlot

  const producer = {
    pauseProducing: () => calls.push('pause'),
    resumeProducing: () => calls.push('resume'),
    stopProducing: () => calls.push('stop'),
  }

  beforeEach(() => {
    calls = []
    failures = []
    taken = []
    socket = new Writable({
      highWaterMark: HIGH_WATER_MARK,
      write: (_chunk, _encoding, callback) => void taken.push(callback),
    })
  })

  function begin(streaming: boolean, given: object = producer): void {
    slot = new ProducerSlot(socket as unknown as Socket, given as never, streaming, (thrown, method) =>
      failures.push([thrown, method]),
    )
    slot.begin()
  }

  async function take(): Promise<void> {
    taken.shift()?.()
    await realTurn()
  }

  it('PR-19 pauses a push producer above the mark only, and once', () => {
    begin(true)
    slot.write(Buffer.alloc(HIGH_WATER_MARK))
    expect(calls).toEqual([])
    slot.write(Buffer.alloc(1))
    slot.write(Buffer.alloc(1))
    expect(calls).toEqual(['pause'])
  })

  it('PR-19 resumes a push producer when all is taken, only after a pause', async () => {
    begin(true)
    slot.write(Buffer.alloc(HIGH_WATER_MARK))
    await take()
    expect(calls).toEqual([])
    slot.write(Buffer.alloc(HIGH_WATER_MARK))
    slot.write(Buffer.alloc(1))
    await take()
    expect(calls).toEqual(['pause'])
    await take()
    expect(calls).toEqual(['pause', 'resume'])
  })

  it('PR-19 asks a pull producer at once, then once for each emptied buffer', async () => {
    begin(false)
    expect(calls).toEqual(['resume'])
    slot.write(Buffer.alloc(1))
    slot.write(Buffer.alloc(1))
    await take()
    expect(calls).toEqual(['resume'])
    await take()
    expect(calls).toEqual(['resume', 'resume'])
    await realTurn()
    expect(calls).toEqual(['resume', 'resume'])
  })

  it('PR-20 stops the producer, and asks it for nothing more', async () => {
    begin(true)
    slot.write(Buffer.alloc(HIGH_WATER_MARK + 1))
    slot.stop()
    await take()
    expect(calls).toEqual(['pause', 'stop'])
  })

  it.each([true, false])(
    'asks a producer that has left for nothing more (streaming: %s)',
    async (streaming) => {
      begin(streaming)
      slot.write(Buffer.alloc(HIGH_WATER_MARK + 1))
      calls = []
      slot.leave()
      slot.write(Buffer.alloc(HIGH_WATER_MARK + 1))
      await take()
      await take()
      expect(calls).toEqual([])
      expect(socket.listenerCount('drain')).toBe(0)
    },
  )

  it('asks for nothing more once the connection is gone', async () => {
    begin(false)
    slot.write(Buffer.alloc(1))
    socket.destroy()
    await take()
    expect(calls).toEqual(['resume'])
  })

  it('hands on what a producer throws', () => {
    const error = new Error('broken')
    begin(false, {
      resumeProducing() {
        throw error
      },
    })
    expect(failures).toEqual([[error, 'resumeProducing']])
  })

  describe('while it is held', () => {
    const moved = () => {
      socket = new Writable({
        highWaterMark: HIGH_WATER_MARK,
        write: (_chunk, _encoding, callback) => void taken.push(callback),
      })
      slot.moveTo(socket as unknown as Socket)
    }

    it('PR-19 pauses a push producer, and resumes it on the other socket when that has sent all', async () => {
      begin(true)
      slot.hold()
      slot.hold()
      expect(calls).toEqual(['pause'])
      moved()
      socket.write(Buffer.alloc(1))
      slot.release()
      expect(calls).toEqual(['pause'])
      await take()
      expect(calls).toEqual(['pause'])
      await take()
      expect(calls).toEqual(['pause', 'resume'])
      slot.write(Buffer.alloc(HIGH_WATER_MARK + 1))
      expect(calls).toEqual(['pause', 'resume', 'pause'])
      await take()
      expect(calls).toEqual(['pause', 'resume', 'pause', 'resume'])
    })

    it('PR-19 resumes a producer that was paused before it once, when nothing waits', () => {
      begin(true)
      slot.write(Buffer.alloc(HIGH_WATER_MARK + 1))
      slot.hold()
      expect(calls).toEqual(['pause'])
      moved()
      slot.release()
      expect(calls).toEqual(['pause', 'resume'])
    })

    it('PR-19 hears nothing of the socket before', async () => {
      begin(true)
      slot.write(Buffer.alloc(HIGH_WATER_MARK + 1))
      slot.hold()
      await take()
      moved()
      expect(calls).toEqual(['pause'])
    })

    it('PR-19 asks a pull producer that has written before', async () => {
      begin(false)
      slot.write(Buffer.alloc(1))
      slot.hold()
      await take()
      expect(calls).toEqual(['resume'])
      moved()
      slot.release()
      expect(calls).toEqual(['resume', 'resume'])
    })

    it('PR-19 asks a pull producer that comes meanwhile', () => {
      slot = new ProducerSlot(socket as unknown as Socket, producer, false, () => {})
      slot.hold()
      slot.begin()
      expect(calls).toEqual([])
      moved()
      slot.release()
      expect(calls).toEqual(['resume'])
    })

    it('asks nobody who has left', () => {
      begin(true)
      slot.leave()
      slot.hold()
      moved()
      slot.release()
      expect(calls).toEqual([])
    })
  })
})
