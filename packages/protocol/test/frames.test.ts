import { PassThrough, Readable } from 'node:stream'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { frame, frames, type FramesOptions, netstring, netstrings } from '../src/frames.ts'
import { lines } from '../src/lines.ts'

async function collect(from: AsyncIterable<Buffer>): Promise<string[]> {
  const result: string[] = []
  try {
    for await (const string of from) result.push(string.toString('latin1'))
  } catch (error) {
    result.push((error as { code: string }).code)
  }
  return result
}

function streamOf(chunks: readonly (string | Uint8Array)[]): Readable {
  return Readable.from(
    chunks.map((chunk) => (typeof chunk === 'string' ? Buffer.from(chunk, 'latin1') : chunk)),
    { objectMode: false },
  )
}

const framesOf = (chunks: readonly (string | Uint8Array)[], options?: FramesOptions) =>
  collect(frames(streamOf(chunks), options))
const netstringsOf = (chunks: readonly string[], options?: FramesOptions) =>
  collect(netstrings(streamOf(chunks), options))

describe('frame and netstring', () => {
  it('make strings that can be told apart', () => {
    expect(frame('hello').toString('latin1')).toBe('\0\0\0\x05hello')
    expect(frame(new Uint8Array([1, 2]), { prefixLength: 1 })).toEqual(Buffer.from([2, 1, 2]))
    expect(netstring('é').toString()).toBe('2:é,')
    expect(netstring(new Uint8Array(0)).toString()).toBe('0:,')
  })

  it('refuse what cannot be sent', () => {
    expect(() => frame('x'.repeat(256), { prefixLength: 1 })).toThrow(
      expect.objectContaining({ code: 'ERR_SENNIT_STRING_TOO_LONG' }),
    )
    expect(() => frame('x', { prefixLength: 9 })).toThrow(
      expect.objectContaining({ code: 'ERR_SENNIT_PREFIX_LENGTH' }),
    )
    expect(() => netstring(null as never)).toThrow(expect.objectContaining({ code: 'ERR_SENNIT_BYTES' }))
  })
})

describe('frames and netstrings', () => {
  it.each([1, 2, 4])(
    'yield what was framed by %d bytes, however the stream is split',
    async (prefixLength) => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.uint8Array({ maxLength: 100 }), { maxLength: 10 }),
          fc.integer({ min: 1, max: 50 }),
          async (strings, size) => {
            const stream = Buffer.concat(strings.map((string) => frame(string, { prefixLength })))
            const chunks = Array.from({ length: Math.ceil(stream.length / size) }, (_, i) =>
              stream.subarray(i * size, (i + 1) * size),
            )
            expect(await framesOf(chunks, { prefixLength })).toEqual(
              strings.map((string) => Buffer.from(string).toString('latin1')),
            )
          },
        ),
        { numRuns: 30 },
      )
    },
  )

  it('yield netstrings', async () => {
    expect(await netstringsOf(['5:hel', 'lo,0:,1:', 'x,'])).toEqual(['hello', '', 'x'])
    expect(await netstringsOf([])).toEqual([])
  })

  it.each([
    ['a string that is too long', ['1:a,4:bcde,1:x,'], ['a', 'ERR_SENNIT_STRING_LENGTH']],
    ['a string that is too long, in pieces', ['1:a,4', ':b', 'cde,1:x,'], ['a', 'ERR_SENNIT_STRING_LENGTH']],
    ['what is no string', ['1:a,1:b,x'], ['a', 'b', 'ERR_SENNIT_NETSTRING']],
    ['a wrong end', ['1:a,2:bc', ';1:x,'], ['a', 'ERR_SENNIT_NETSTRING']],
    ['an end within a string', ['1:a,3:b'], ['a', 'ERR_SENNIT_INCOMPLETE_STRING']],
    ['an end within a length', ['1:a,3'], ['a', 'ERR_SENNIT_INCOMPLETE_STRING']],
  ])('throw, after the strings before it, at %s', async (_, chunks, expected) => {
    expect(await netstringsOf(chunks, { maxLength: 3 })).toEqual(expected)
  })

  it('throw what is wrong once, then are at their end', async () => {
    const iterator = netstrings(streamOf(['1:a,x']))
    expect((await iterator.next()).value.toString()).toBe('a')
    await expect(iterator.next()).rejects.toMatchObject({ code: 'ERR_SENNIT_NETSTRING' })
    expect(await iterator.next()).toEqual({ done: true, value: undefined })
    expect(await iterator.next()).toEqual({ done: true, value: undefined })
  })

  it.each([
    ['netstrings', netstrings],
    ['lines', (from: AsyncIterable<Uint8Array>) => lines(from, { maxLength: 2 })],
  ])('close the source once when something is wrong: %s', async (_, read) => {
    let closed = 0
    const from = {
      [Symbol.asyncIterator]: () => ({
        next: async () => ({ done: false as const, value: Buffer.from('1:a,x\nbcde\n') }),
        return: async () => {
          closed++
          return { done: true as const, value: undefined }
        },
      }),
    }
    const iterator = read(from)
    await expect(
      (async () => {
        for (let i = 0; i < 3; i++) await iterator.next()
      })(),
    ).rejects.toBeInstanceOf(Error)
    await iterator.next()
    await iterator.return?.()
    expect(closed).toBe(1)
  })

  it('throw what is wrong rather than how the stream ended after it', async () => {
    const stream = new PassThrough().on('error', () => {})
    const iterator = netstrings(stream)
    stream.write('1:a,x')
    expect((await iterator.next()).value.toString()).toBe('a')
    stream.destroy(new Error('reset'))
    await expect(iterator.next()).rejects.toMatchObject({ code: 'ERR_SENNIT_NETSTRING' })
    expect((await iterator.next()).done).toBe(true)
  })

  it("throw the stream's error after the strings before it, also within a string", async () => {
    const stream = new PassThrough()
    const iterator = netstrings(stream)
    stream.write('1:a,5:b')
    expect((await iterator.next()).value.toString()).toBe('a')
    const next = iterator.next()
    stream.destroy(Object.assign(new Error('reset'), { code: 'ECONNRESET' }))
    await expect(next).rejects.toMatchObject({ code: 'ECONNRESET' })
    expect((await iterator.next()).done).toBe(true)
  })

  it('leave the rest in the stream when they are left early', async () => {
    const stream = new PassThrough()
    stream.write(Buffer.concat([frame('header'), frame('body'), Buffer.from('a line\n')]))
    for await (const string of frames(stream)) {
      expect(string.toString()).toBe('header')
      break
    }
    const rest = frames(stream)
    expect((await rest.next()).value.toString()).toBe('body')
    await rest.return?.()
    stream.end()
    const text: string[] = []
    for await (const line of lines(stream)) text.push(line)
    expect(text).toEqual(['a line'])
  })

  it('throw the reason of the signal, and leave the stream alone', async () => {
    const stream = new PassThrough()
    const controller = new AbortController()
    const iterator = netstrings(stream, { signal: controller.signal })
    stream.write('1:a,3:b')
    expect((await iterator.next()).value.toString()).toBe('a')
    const next = iterator.next()
    const reason = new Error('stop')
    controller.abort(reason)
    await expect(next).rejects.toBe(reason)
    expect((await iterator.next()).done).toBe(true)
    expect(stream.destroyed).toBe(false)
    expect(stream.read().toString()).toBe('3:b')
  })

  it('take 99999 bytes when nothing else is said, and refuse bad options at once', async () => {
    expect(await framesOf([frame(Buffer.alloc(99_999)), frame(Buffer.alloc(100_000))])).toEqual([
      '\0'.repeat(99_999),
      'ERR_SENNIT_STRING_LENGTH',
    ])
    expect(() => frames(streamOf([]), { maxLength: -1 })).toThrow(
      expect.objectContaining({ code: 'ERR_SENNIT_MAX_LENGTH' }),
    )
    expect(() => frames(streamOf([]), { prefixLength: 0 })).toThrow(
      expect.objectContaining({ code: 'ERR_SENNIT_PREFIX_LENGTH' }),
    )
  })

  it('DF-01 settle in the turn in which the bytes come, before any timer and any later turn', async () => {
    let later = false
    const immediate = setImmediate(() => {
      later = true
    })
    async function* chunks() {
      yield Buffer.from('1:a,2:')
      yield Buffer.from('bc,')
    }
    expect(await collect(netstrings(chunks()))).toEqual(['a', 'bc'])
    expect(later).toBe(false)
    clearImmediate(immediate)
  })
})
