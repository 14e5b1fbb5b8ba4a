import { once } from 'node:events'
import type { Duplex } from 'node:stream'
import { describe, expect, it } from 'vitest'
import type { IConnectionContext } from '@sennit/interfaces'
import { Clock, realTurn } from '@sennit/runtime'
import { IPv4Address } from '../src/addresses.ts'
import { lines } from '../src/lines.ts'
import { StreamSession, type StreamSessionOptions } from '../src/stream-session.ts'
import { FakeLog } from './fake-log.ts'
import { streamPair } from './stream-pair.ts'

type Serve = (stream: Duplex, context: IConnectionContext) => void | Promise<void>

function start(serve: Serve, options: Partial<StreamSessionOptions> = {}) {
  const clock = new Clock()
  const log = new FakeLog()
  const [near, far] = streamPair()
  const ends: string[] = []
  const session = new StreamSession({ handleStream: serve }, near, {
    peer: () => new IPv4Address('TCP', '127.0.0.1', 2),
    host: () => new IPv4Address('TCP', '127.0.0.1', 1),
    clock,
    log,
    ended: () => ends.push('ended'),
    ...options,
  })
  return { clock, log, near, far, ends, session }
}

async function settle(): Promise<void> {
  for (let i = 0; i < 5; i++) await realTurn()
}

const never = () => new Promise<void>(() => {})

describe('StreamSession', () => {
  it('gives the handler the stream and the context', () => {
    let seen: unknown[] = []
    const { near, clock, log } = start((stream, context) => {
      seen = [stream, context.clock, context.log, String(context.peer), String(context.host)]
      return never()
    })
    expect(seen).toEqual([near, clock, log, 'tcp:127.0.0.1:2', 'tcp:127.0.0.1:1'])
  })

  it('ends the connection after what was written when the handler returns', async () => {
    const { far, near, ends, log } = start(async (stream) => {
      stream.write('one ')
      stream.write('two')
    })
    expect((await far.toArray()).join('')).toBe('one two')
    expect(ends).toEqual([])
    far.end()
    await settle()
    expect(near.destroyed).toBe(true)
    expect(ends).toEqual(['ended'])
    expect(log.entries).toEqual([])
  })

  it('ends the connection of a handler that is not async when it returns', async () => {
    const { far, ends } = start((stream) => void stream.write('x'))
    expect((await far.toArray()).join('')).toBe('x')
    expect(ends).toEqual([])
  })

  it('reads on after the end, so that the other side is not reset, but not for long', async () => {
    const { clock, near, far, ends } = start(async (stream) => void stream.write('bye'))
    await settle()
    far.write(Buffer.alloc(1_000_000))
    await settle()
    expect(far.writableLength).toBe(0)
    clock.advance(0.9)
    expect(near.destroyed).toBe(false)
    clock.advance(0.1)
    await settle()
    expect(near.destroyed).toBe(true)
    expect(ends).toEqual(['ended'])
  })

  it('needs no timer when the other side has ended first', async () => {
    const clock = new Clock()
    let timers = 0
    const callLater = clock.callLater.bind(clock)
    clock.callLater = (...args) => {
      timers++
      return callLater(...args)
    }
    const { far, ends } = start(
      async (stream) => {
        for await (const chunk of stream) void chunk
      },
      { clock },
    )
    far.resume().end('x')
    await settle()
    expect([ends, timers]).toEqual([['ended'], 0])
  })

  it('leaves no timer behind when the other side closes', async () => {
    const { clock, far, ends } = start(async () => {})
    await settle()
    expect(clock.getDelayedCalls()).toHaveLength(1)
    far.end()
    await settle()
    expect(ends).toEqual(['ended'])
    expect(clock.getDelayedCalls()).toEqual([])
  })

  it('waits for what was written to be taken, however long that is', async () => {
    const { clock, near, far } = start(async (stream) => void stream.write(Buffer.alloc(1_000_000)))
    await settle()
    clock.advance(60)
    expect(near.destroyed).toBe(false)
    expect((await far.toArray()).reduce((sum: number, chunk: Buffer) => sum + chunk.length, 0)).toBe(
      1_000_000,
    )
  })

  it.each<[string, Serve]>([
    ['rejects', () => Promise.reject(new Error('no'))],
    [
      'throws',
      () => {
        throw new Error('no')
      },
    ],
  ])('destroys the stream, and logs, when the handler %s', async (_, serve) => {
    const { near, log, ends } = start(serve)
    expect(ends).toEqual([])
    await settle()
    expect(near.destroyed).toBe(true)
    expect(near.errored).toEqual(new Error('no'))
    expect(log.entries).toEqual([
      { level: 'error', message: 'A stream handler failed', err: new Error('no'), peer: 'tcp:127.0.0.1:2' },
    ])
    expect(ends).toEqual(['ended'])
  })

  it('logs also when the peer is not known any more', async () => {
    const { log } = start(() => Promise.reject(new Error('no')), {
      peer: () => {
        throw new Error('gone')
      },
    })
    await settle()
    expect(log.entries).toMatchObject([{ level: 'error', err: new Error('no'), peer: undefined }])
  })

  it('logs a rejection with something that is no error', async () => {
    const { log } = start(() => Promise.reject('text'))
    await settle()
    expect(log.entries[0]?.err).toMatchObject({ cause: 'text' })
  })

  it('logs a failure after the connection is gone, and is over then', async () => {
    let reject: (error: Error) => void = () => {}
    const { near, log, ends } = start(() => new Promise((_, no) => (reject = no)))
    near.destroy()
    await settle()
    expect(ends).toEqual([])
    reject(new Error('no'))
    await settle()
    expect(log.entries).toMatchObject([{ level: 'error' }])
    expect(ends).toEqual(['ended'])
  })

  it('is over when the handler returns after the connection is gone', async () => {
    let resolve: () => void = () => {}
    const { near, ends } = start(() => new Promise<void>((yes) => (resolve = yes)))
    near.destroy()
    await settle()
    expect(ends).toEqual([])
    resolve()
    await settle()
    expect(ends).toEqual(['ended'])
  })

  it('survives an error of the stream that nobody listens to', async () => {
    const { near, ends, log } = start((stream) => new Promise((resolve) => stream.on('close', resolve)))
    near.destroy(new Error('ECONNRESET'))
    await settle()
    expect(ends).toEqual(['ended'])
    expect(log.entries).toEqual([])
  })

  it.each<[string, (near: Duplex) => void]>([
    ['by an error', (near) => near.destroy(new Error('ECONNRESET'))],
    ['before its end', (near) => near.destroy()],
  ])('takes a connection that is lost %s for no failure of the handler', async (_, lose) => {
    const { near, log, ends } = start(async (stream) => {
      for await (const chunk of stream) void chunk
    })
    await settle()
    lose(near)
    await settle()
    expect(log.entries).toMatchObject([{ level: 'debug', message: 'A connection was lost' }])
    expect(ends).toEqual(['ended'])
  })

  it('serves a stream that is closed already', async () => {
    const [near] = streamPair()
    near.destroy()
    await once(near, 'close')
    const ends: string[] = []
    const options = { peer: () => expect.unreachable(), host: () => expect.unreachable() }
    const session = new StreamSession({ handleStream: () => {} }, near, {
      ...options,
      clock: new Clock(),
      log: new FakeLog(),
      ended: () => ends.push('ended'),
    })
    expect(ends).toEqual([])
    await settle()
    expect(ends).toEqual(['ended'])
    session.abort()
  })
})

describe('StreamSession.requestStop', () => {
  it('aborts the signal; a handler that then returns ends the connection', async () => {
    const { session, far } = start(async (stream, { signal }) => {
      await new Promise((resolve) => signal.addEventListener('abort', resolve))
      stream.write('bye')
    })
    session.requestStop()
    expect((await far.toArray()).join('')).toBe('bye')
  })

  it.each<[string, Serve]>([
    [
      'the reason of the signal',
      async (stream, { signal }) => {
        stream.write('bye')
        for await (const line of lines(stream, { signal })) void line
      },
    ],
    [
      'an error that the signal caused',
      async (stream, { signal }) => {
        stream.write('bye')
        await once(stream, 'never', { signal })
      },
    ],
  ])('takes %s for returning', async (_, serve) => {
    const { session, far, log } = start(serve)
    await settle()
    session.requestStop()
    expect((await far.toArray()).join('')).toBe('bye')
    expect(log.entries).toEqual([])
  })

  it('takes another error for a failure', async () => {
    const { session, near, log } = start(async (_, { signal }) => {
      await new Promise((resolve) => signal.addEventListener('abort', resolve))
      throw new Error('no')
    })
    session.requestStop()
    await settle()
    expect(near.destroyed).toBe(true)
    expect(log.entries).toMatchObject([{ level: 'error' }])
  })

  it('is harmless when the connection is over', async () => {
    const { session, near, ends } = start(async () => {})
    near.destroy()
    await settle()
    session.requestStop()
    session.abort()
    await settle()
    expect(ends).toEqual(['ended'])
  })
})

describe('StreamSession.abort', () => {
  it('cuts the connection and aborts the signal', async () => {
    let signal: AbortSignal | undefined
    const { session, near, log, ends } = start(async (stream, context) => {
      signal = context.signal
      for await (const chunk of stream) void chunk
    })
    await settle()
    session.abort()
    expect(near.destroyed).toBe(true)
    expect(signal?.aborted).toBe(true)
    await settle()
    expect(near.errored).toMatchObject({ code: 'ERR_SENNIT_CONNECTION_ABORTED' })
    expect(log.entries.filter(({ level }) => level === 'error')).toEqual([])
    expect(ends).toEqual(['ended'])
  })

  it('DF-04 logs what a handler rejects with, which nobody awaits; the process is not told', async () => {
    const unhandled: unknown[] = []
    const note = (error: unknown) => unhandled.push(error)
    process.on('unhandledRejection', note)
    try {
      const error = new Error('no')
      const { log } = start(() => Promise.reject(error))
      await settle()
      expect(unhandled).toEqual([])
      expect(log.entries).toMatchObject([{ level: 'error', err: error, message: 'A stream handler failed' }])
    } finally {
      process.off('unhandledRejection', note)
    }
  })

  it('resets a socket whose handler rejects', async () => {
    const { near } = start(async (stream) => {
      Object.assign(stream, {
        resetAndDestroy: () => {
          stream.destroy(new Error('was reset'))
        },
      })
      await Promise.resolve()
      throw new Error('no')
    })
    await settle()
    expect(near.errored).toMatchObject({ message: 'was reset' })
  })

  it.each([
    { ending: false, resets: 1 },
    { ending: true, resets: 0 },
  ])('resets a socket that can be reset (already ending: $ending)', async ({ ending, resets }) => {
    const { session, near } = start(never)
    let count = 0
    Object.assign(near, {
      resetAndDestroy: () => {
        count++
        near.destroy()
      },
    })
    if (ending) near.end()
    session.abort()
    session.abort()
    await settle()
    expect([count, near.destroyed]).toEqual([resets, true])
  })

  it('is not over while the handler runs', async () => {
    const { session, near, ends } = start(never)
    session.abort()
    session.abort()
    await settle()
    expect(near.closed).toBe(true)
    expect(ends).toEqual([])
  })
})
