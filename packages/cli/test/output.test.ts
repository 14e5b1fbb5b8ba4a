import { Clock } from '@sennit/runtime'
import { beforeEach, describe, expect, it } from 'vitest'
import { Output } from '../src/output.ts'
import { MemoryDescriptor } from './support/memory-terminal.ts'

let clock: Clock
let to: MemoryDescriptor
let output: Output

beforeEach(() => {
  clock = new Clock()
  to = new MemoryDescriptor()
  output = new Output(to, { clock, limit: 10 })
})

/** A reader that takes bytes again. */
function read(bytes = Infinity): void {
  to.room = bytes
  clock.advance(0.1)
}

describe('Output, open', () => {
  it('writes at once', () => {
    output.write('a\n')
    output.write('é\n')
    expect(to.text).toBe('a\né\n')
    expect(clock.getDelayedCalls()).toEqual([])
  })

  it('is clogged when it is refused for now, and keeps the order', () => {
    to.room = 2
    output.write('abc')
    output.write('de')
    expect(to.text).toBe('ab')
    read()
    expect(to.text).toBe('abcde')
    expect(clock.getDelayedCalls()).toEqual([])
  })

  it('waits while somebody else is in the middle of writing', () => {
    to.isBusy = true
    output.write('abc')
    expect(to.text).toBe('')
    to.isBusy = false
    read()
    expect(to.text).toBe('abc')
  })

  it.each(['ENOSPC', 'EDQUOT', 'EFBIG'])('loses a text at %s, and goes on when there is room', (code) => {
    output.lost = (count) => `[${count}]`
    to.error = code
    output.write('abc')
    output.write('def')
    to.error = undefined
    output.write('ghi')
    expect(to.text).toBe('ghi[2]')
    expect(output.gone).toBe(false)
  })

  it('tells what was lost once more when that was lost as well', () => {
    output.lost = (count) => {
      if (count === 1) to.error = 'ENOSPC'
      return `[${count}]`
    }
    to.error = 'ENOSPC'
    output.write('abc')
    to.error = undefined
    output.write('def')
    output.lost = (count) => `[${count}]`
    to.error = undefined
    output.write('ghi')
    expect(to.text).toBe('defghi[1]')
  })

  it.each(['EPIPE', 'EBADF', 'EIO'])('is gone at %s, and takes no more', (code) => {
    to.error = code
    output.write('abc')
    expect(output.gone).toBe(true)
    to.error = undefined
    output.write('def')
    expect(to.text).toBe('')
    expect(clock.getDelayedCalls()).toEqual([])
  })

  it('can be asked whether anything can be written to it at all', () => {
    output.check()
    to.error = 'EBADF'
    expect(() => output.check()).toThrow(expect.objectContaining({ code: 'EBADF' }))
  })
})

describe('Output, clogged', () => {
  beforeEach(() => {
    to.room = 0
    output.write('12345')
  })

  it('queues up to its limit, loses what is more, and tells how many when there is room', () => {
    output.lost = (count) => `[${count} lost]`
    output.write('67890')
    output.write('x')
    output.write('y')
    read()
    expect(to.text).toBe('1234567890[2 lost]')
    output.write('z')
    expect(to.text).toBe('1234567890[2 lost]z')
  })

  it('takes one text of any length when nothing waits', () => {
    read()
    to.room = 0
    output.write('a text that is longer than the limit')
    read()
    expect(to.text).toBe('12345a text that is longer than the limit')
  })

  it('is tried again sooner while something is taken, later while nothing is', () => {
    const delays: number[] = []
    for (const room of [0, 0, 0, 0, 0, 1, 1, 0]) {
      const [call] = clock.getDelayedCalls()
      delays.push(Math.round((call!.getTime() - clock.seconds()) * 1000))
      to.room = room
      clock.advance(0.05)
    }
    expect(delays).toEqual([10, 20, 40, 50, 50, 50, 5, 5])
    expect(to.text).toBe('12')
  })

  it('loses what waits when its reader goes', () => {
    to.error = 'EPIPE'
    clock.advance(1)
    expect(output.gone).toBe(true)
    expect(clock.getDelayedCalls()).toEqual([])
  })

  it('writes a long queue in pieces, so that others have their turn', () => {
    const large = new Output(to, { clock })
    for (let i = 0; i < 3000; i++) large.write('x'.repeat(100))
    to.room = Infinity
    to.text = ''
    clock.advance(0.005)
    expect(to.text.length).toBeLessThan(100_000)
    for (let i = 0; i < 20; i++) clock.advance(0.05)
    expect(to.text.replaceAll('x', '')).toBe('12345')
    expect(to.text).toHaveLength(300_005)
  })
})

describe('flush', () => {
  it('is over at once when nothing waits', async () => {
    output.write('abc')
    await output.flush(5)
    expect(clock.getDelayedCalls()).toEqual([])
  })

  it('waits until all is out', async () => {
    to.room = 0
    output.write('abc')
    let over = false
    const flushed = output.flush(5).then(() => (over = true))
    await turn()
    expect(over).toBe(false)
    read()
    await flushed
    expect(to.text).toBe('abc')
    expect(clock.getDelayedCalls()).toEqual([])
  })

  it('waits for a reader that is slow, as long as it takes something', async () => {
    to.room = 0
    output.write('abcdef')
    let over = false
    const flushed = output.flush(5).then(() => (over = true))
    for (let i = 0; i < 6; i++) {
      expect(over).toBe(false)
      to.room = 1
      clock.advance(4.9)
      await turn()
    }
    await flushed
    expect(to.text).toBe('abcdef')
  })

  it('gives up a reader that takes nothing', async () => {
    to.room = 0
    output.write('abc')
    const flushed = output.flush(5)
    clock.advance(5)
    await flushed
    expect(to.text).toBe('')
  })

  it('waits for what somebody else is writing', async () => {
    to.isBusy = true
    let over = false
    const flushed = output.flush(5).then(() => (over = true))
    clock.advance(4)
    await turn()
    expect(over).toBe(false)
    to.isBusy = false
    clock.advance(0.1)
    await flushed
  })

  it('does not wait for a reader that is gone', async () => {
    to.room = 0
    output.write('abc')
    const flushed = output.flush(5)
    to.error = 'EPIPE'
    clock.advance(0.1)
    await flushed
    expect(output.gone).toBe(true)
  })
})

describe('flushSync', () => {
  beforeEach(() => {
    to.room = 0
    output.write('abc')
  })

  it('stands still until all is out', () => {
    to.onSleep = () => (to.room = 1)
    output.flushSync(1)
    expect(to.text).toBe('abc')
  })

  it('gives up a reader that takes nothing', () => {
    output.flushSync(1)
    expect(to.text).toBe('')
    expect(to.slept).toBeCloseTo(1, 1)
  })

  it('gives up a reader that takes next to nothing', () => {
    output = new Output(to, { clock })
    output.write('x'.repeat(100_000))
    let sleeps = 0
    to.onSleep = () => {
      if (++sleeps % 100 === 0) to.room = 1
    }
    output.flushSync(1)
    expect(to.slept).toBeCloseTo(10, 1)
  })

  it('does not wait for others', () => {
    to.isBusy = true
    to.room = Infinity
    output.flushSync(1)
    expect(to.text).toBe('abc')
    expect(to.slept).toBe(0)
  })

  it('does nothing when nothing waits, or nobody reads', () => {
    to.error = 'EPIPE'
    output.flushSync(1)
    output.flushSync(1)
    expect(to.slept).toBeLessThan(0.01)
  })
})

async function turn(): Promise<void> {
  for (let i = 0; i < 5; i++) await Promise.resolve()
}
