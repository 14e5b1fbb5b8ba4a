import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { MemoryLog } from '../../../src/index.ts'
import { VirtualTime } from '../../../src/world/time/virtual-time.ts'

function newTime({ patience = 0 } = {}) {
  const log = new MemoryLog()
  const time: VirtualTime = new VirtualTime({
    log,
    patience,
    pending: () => time.getDelayedCalls().map(String),
  })
  return { time, log }
}

describe('advance', () => {
  it('lets exactly so much time pass', async () => {
    const { time } = newTime()
    await time.advance('90s')
    await time.advance(0.5)
    expect(time.seconds()).toBe(90.5)
  })

  it('runs each call at its own time', async () => {
    const { time } = newTime()
    const times: number[] = []
    for (const delay of [3, 1, 2]) time.callLater(delay, () => times.push(time.seconds()))
    await time.advance('1m')
    expect(times).toEqual([1, 2, 3])
  })

  it('runs what is due at its end, and not what is due later', async () => {
    const { time } = newTime()
    const ran: number[] = []
    time.callLater(10, () => ran.push(10))
    time.callLater(10.001, () => ran.push(10.001))
    await time.advance('10s')
    expect(ran).toEqual([10])
  })

  it('lets promises and ticks settle between two times', async () => {
    const { time } = newTime()
    const order: string[] = []
    time.callLater(1, () => {
      void (async () => {
        for (let i = 0; i < 50; i++) await Promise.resolve()
        await new Promise<void>((resolve) => process.nextTick(resolve))
        for (let i = 0; i < 50; i++) await Promise.resolve()
        order.push(`settled at ${time.seconds()}`)
      })()
    })
    time.callLater(1.0001, () => order.push('next'))
    await time.advance('2s')
    expect(order).toEqual(['settled at 1', 'next'])
  })

  it('lets what the test has begun settle before time moves', async () => {
    const { time } = newTime()
    const order: string[] = []
    time.callLater(0.001, () => order.push('call'))
    void Promise.resolve().then(() => order.push('promise'))
    await time.advance('1s')
    expect(order).toEqual(['promise', 'call'])
  })

  it('runs calls that calls make, as far as it goes', async () => {
    const { time } = newTime()
    const times: number[] = []
    const again = () => {
      times.push(time.seconds())
      time.callLater(10, again)
    }
    time.callLater(10, again)
    await time.advance('35s')
    expect(times).toEqual([10, 20, 30])
  })

  it('runs zero-delay calls without any time', async () => {
    const { time } = newTime()
    const order: number[] = []
    const next = (n: number) => {
      order.push(n)
      if (n < 5) time.callLater(0, next, n + 1)
    }
    time.callLater(0, next, 1)
    await time.advance(0)
    expect(order).toEqual([1, 2, 3, 4, 5])
    expect(time.seconds()).toBe(0)
  })

  it('CK-04 lets time go on under a call that schedules itself without delay', async () => {
    const { time } = newTime()
    const times: number[] = []
    const endless = () => {
      time.callLater(0, endless)
    }
    endless()
    for (const n of [1, 2, 3]) time.callLater(n, () => times.push(time.seconds()))
    await time.advance('3500ms')
    expect(time.seconds()).toBe(3.5)
    expect(times).toHaveLength(3)
    for (const [i, at] of times.entries()) expect(at - (i + 1)).toBeLessThan(0.001)
  })

  it('CK-04 ends even without any time under such a call, again and again', async () => {
    const { time } = newTime()
    let runs = 0
    const endless = () => {
      runs++
      time.callLater(0, endless)
    }
    endless()
    await time.advance(0)
    const first = runs
    await time.advance(0)
    expect(first).toBeGreaterThan(1)
    expect(runs).toBeGreaterThan(first)
    expect(time.seconds()).toBe(0)
  })

  it('RX-08 logs what a call throws, and goes on', async () => {
    const { time, log } = newTime()
    const error = new Error('boom')
    let ran = false
    time.callLater(1, () => {
      throw error
    })
    time.callLater(1, () => {
      ran = true
    })
    await time.advance('1s')
    expect(log.errors()).toEqual([error])
    expect(ran).toBe(true)
  })

  it.each([[-1], [Number.NaN], ['5 minutes']])('refuses %j', (amount) => {
    const { time } = newTime()
    expect(() => time.advance(amount as number)).toThrow(
      expect.objectContaining({ code: 'ERR_SENNIT_DURATION' }),
    )
  })

  it('refuses to go on for ever', () => {
    const { time } = newTime()
    expect(() => time.advance(Infinity)).toThrow(RangeError)
  })

  it('goes along with another advance that is under way', async () => {
    const { time } = newTime()
    const ends: string[] = []
    await Promise.all([
      time.advance('2s').then(() => ends.push(`long at ${time.seconds()}`)),
      time.advance('1s').then(() => ends.push(`short at ${time.seconds()}`)),
    ])
    expect(ends).toEqual(['short at 1', 'long at 2'])
  })

  it('can be waited for inside a call', async () => {
    const { time } = newTime()
    const times: number[] = []
    time.callLater(1, () => {
      void time.advance('5s').then(() => times.push(time.seconds()))
    })
    await time.advance('10s')
    expect(times).toEqual([6])
  })
})

describe('the events of the network', () => {
  it('come before the calls of the same time, one in each step', async () => {
    const { time } = newTime()
    const order: string[] = []
    time.callLater(1, () => order.push('call'))
    for (const n of [1, 2]) {
      time.at(1, () => {
        order.push(`event ${n}`)
        void Promise.resolve().then(() => order.push(`settled ${n}`))
      })
    }
    await time.advance('1s')
    expect(order).toEqual(['event 1', 'settled 1', 'event 2', 'settled 2', 'call'])
  })

  it('are no delayed calls', () => {
    const { time } = newTime()
    time.after(1, () => {})
    time.soon(() => {})
    expect(time.getDelayedCalls()).toEqual([])
  })

  it('that are due soon come in the next turn', async () => {
    const { time } = newTime()
    const order: string[] = []
    time.soon(() => {
      order.push('one')
      time.soon(() => order.push('inner'))
    })
    time.soon(() => order.push('two'))
    time.callLater(0, () => order.push('call'))
    await time.advance(0)
    expect(order).toEqual(['one', 'two', 'call', 'inner'])
  })
})

describe('run', () => {
  it('lets time pass until a promise settles, and no longer', async () => {
    const { time } = newTime()
    const promise = new Promise<string>((resolve) => time.callLater(5, resolve, 'value'))
    time.callLater(6, () => {})
    expect(await time.run(promise)).toBe('value')
    expect(time.seconds()).toBe(5)
  })

  it('gives at once what is no promise', async () => {
    const { time } = newTime()
    time.callLater(1, () => {})
    expect(await time.run(undefined)).toBeUndefined()
    expect(await time.run(7)).toBe(7)
    expect(time.seconds()).toBe(0)
  })

  it('rejects as the promise does', async () => {
    const { time } = newTime()
    const error = new Error('x')
    const promise = new Promise((_resolve, reject) => time.callLater(5, reject, error))
    await expect(time.run(promise)).rejects.toBe(error)
  })

  it('rejects when nothing is left that could settle it', async () => {
    const { time } = newTime()
    time.callLater(5, () => {})
    await expect(time.run(new Promise(() => {}))).rejects.toMatchObject({
      code: 'ERR_SENNIT_WORLD_STUCK',
      pending: [],
    })
    expect(time.seconds()).toBe(5)
  })

  it('takes a call that is never due for nothing', async () => {
    const { time } = newTime()
    time.callLater(Infinity, () => {})
    await expect(time.run(new Promise(() => {}))).rejects.toMatchObject({
      code: 'ERR_SENNIT_WORLD_STUCK',
      pending: [expect.stringContaining('Infinity')],
    })
  })

  it('rejects after its limit, and says what is pending', async () => {
    const { time } = newTime()
    const again = () => {
      time.callLater(1, again)
    }
    again()
    await expect(time.run(new Promise(() => {}), { timeout: '10s' })).rejects.toMatchObject({
      code: 'ERR_SENNIT_WORLD_TIMEOUT',
      timeout: 10,
      pending: [expect.stringContaining('DelayedCall')],
    })
    expect(time.seconds()).toBe(10)
    await expect(time.run(new Promise(() => {}))).rejects.toMatchObject({ timeout: 3600 })
  })

  it('shows in its errors where it was called', async () => {
    const { time } = newTime()
    const error: unknown = await time.run(new Promise(() => {})).catch((caught: unknown) => caught)
    const [message, frame] = (error as Error).stack!.split('\n')
    expect(message).toBe(String(error))
    expect(frame).toContain('virtual-time.test.ts')
  })

  it('waits a while for work that is not of the world', async () => {
    const { time } = newTime({ patience: 5 })
    const text = await time.run(readFile(import.meta.filename, 'utf8'))
    expect(text).toContain('work that is not of the world')
    expect(time.seconds()).toBe(0)
  })

  it('serves several at once', async () => {
    const { time } = newTime()
    const later = (delay: number) => new Promise<number>((resolve) => time.callLater(delay, resolve, delay))
    expect(await Promise.all([time.run(later(3)), time.run(later(1)), time.run(later(2))])).toEqual([3, 1, 2])
    expect(time.seconds()).toBe(3)
  })

  it('is given up alone when another has longer to wait', async () => {
    const { time } = newTime()
    const long = time.run(new Promise<string>((resolve) => time.callLater(20, resolve, 'long')))
    const short = time.run(new Promise(() => {}), { timeout: 5 })
    await expect(short).rejects.toMatchObject({ code: 'ERR_SENNIT_WORLD_TIMEOUT' })
    expect(time.seconds()).toBe(5)
    expect(await long).toBe('long')
  })
})

describe('until', () => {
  it('lets time pass until a condition holds', async () => {
    const { time } = newTime()
    let n = 0
    const again = () => {
      n++
      time.callLater(1, again)
    }
    again()
    await time.until(() => n >= 4)
    expect(time.seconds()).toBe(3)
  })

  it('rejects with what the condition throws', async () => {
    const { time } = newTime()
    const error = new Error('x')
    await expect(
      time.until(() => {
        throw error
      }),
    ).rejects.toBe(error)
  })

  it('rejects when nothing is left, and after its limit', async () => {
    const { time } = newTime()
    await expect(time.until(() => false)).rejects.toMatchObject({ code: 'ERR_SENNIT_WORLD_STUCK' })
    time.callLater(10, () => {})
    await expect(time.until(() => false, { timeout: 1 })).rejects.toMatchObject({
      code: 'ERR_SENNIT_WORLD_TIMEOUT',
    })
    expect(time.seconds()).toBe(1)
  })
})
