import { getEventListeners } from 'node:events'
import { PassThrough, Readable } from 'node:stream'
import { setImmediate as turn } from 'node:timers/promises'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { lines, type LinesOptions } from '../src/lines.ts'

async function collect(from: AsyncIterable<string>): Promise<string[]> {
  const result: string[] = []
  for await (const line of from) result.push(line)
  return result
}

function all(chunks: readonly (string | Uint8Array)[], options?: LinesOptions): Promise<string[]> {
  return collect(lines(Readable.from(chunks, { objectMode: false }), options))
}

describe('lines', () => {
  it.each([
    ['newlines', ['a\nb\n'], ['a', 'b']],
    ['carriage returns before newlines', ['a\r\nb\r\n'], ['a', 'b']],
    ['one carriage return only', ['a\r\r\nb\rc\n\r\n'], ['a\r', 'b\rc', '']],
    ['empty lines', ['\n\na\n\n'], ['', '', 'a', '']],
    ['a last line without a newline', ['a\nb'], ['a', 'b']],
    ['a last line with a carriage return', ['a\nb\r'], ['a', 'b\r']],
    ['lines in pieces', ['a', 'b', 'c\r', '\nd', '\n'], ['abc', 'd']],
    ['nothing', [], []],
  ])('cuts %s', async (_, chunks, expected) => {
    expect(await all(chunks.map((chunk) => Buffer.from(chunk)))).toEqual(expected)
  })

  it('cuts the same lines, however the stream is split', async () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'é', '€', '😀', '\r', '\n'), maxLength: 100 })
    await fc.assert(
      fc.asyncProperty(text, fc.integer({ min: 1, max: 20 }), async (stream, size) => {
        const bytes = Buffer.from(stream)
        const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) =>
          bytes.subarray(i * size, (i + 1) * size),
        )
        const expected = stream.split('\n')
        const last = expected.pop()
        const cut = expected.map((line) => line.replace(/\r$/, ''))
        if (last !== '') cut.push(last!)
        expect(await all(chunks)).toEqual(cut)
      }),
      { numRuns: 60 },
    )
  })

  it.each([1, 2, 3, 5, 7])('decodes UTF-8 that is cut every %s bytes', async (size) => {
    const bytes = Buffer.from('é€\n😀ü\n')
    const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) =>
      bytes.subarray(i * size, (i + 1) * size),
    )
    expect(await all(chunks)).toEqual(['é€', '😀ü'])
  })

  it('reads any async iterable of bytes or text', async () => {
    async function* chunks() {
      yield new Uint8Array(Buffer.from('a\nb'))
      yield 'c\n'
    }
    expect(await collect(lines(chunks()))).toEqual(['a', 'bc'])
  })

  it('hands out many lines of one chunk in order', async () => {
    const expected = Array.from({ length: 10_000 }, (_, i) => `line ${i}`)
    expect(await all([Buffer.from(`${expected.join('\n')}\n`)])).toEqual(expected)
  })

  it('answers calls of next that do not wait for one another in order', async () => {
    const stream = new PassThrough()
    const iterator = lines(stream)
    const results = Promise.all([iterator.next(), iterator.next(), iterator.next(), iterator.next()])
    stream.write('a\n')
    await turn()
    stream.write('b\nc\n')
    stream.end()
    expect((await results).map(({ done, value }) => (done === true ? '<end>' : value))).toEqual([
      'a',
      'b',
      'c',
      '<end>',
    ])
    expect(await iterator.next()).toEqual({ done: true, value: undefined })
  })

  it('asks an iterable for one chunk at a time', async () => {
    let asked = 0
    const iterator = lines({
      [Symbol.asyncIterator]: () => ({
        next: () => {
          asked++
          return new Promise<never>(() => {})
        },
      }),
    })
    void iterator.next()
    void iterator.next()
    await turn()
    expect(asked).toBe(1)
  })

  it('stops the stream while nobody asks for a line', async () => {
    let produced = 0
    const stream = new Readable({
      highWaterMark: 1,
      read() {
        produced++
        this.push(`line ${produced}\n`)
      },
    })
    const iterator = lines(stream)
    await iterator.next()
    for (let i = 0; i < 20; i++) await turn()
    expect(produced).toBeLessThan(6)
    expect((await iterator.next()).value).toBe('line 2')
    await iterator.return?.()
  })

  it('throws the error of the stream, after the lines before it', async () => {
    const stream = new PassThrough()
    const seen: string[] = []
    const reading = (async () => {
      for await (const line of lines(stream)) seen.push(line)
    })()
    stream.write('a\nb')
    await turn()
    stream.destroy(new Error('ECONNRESET'))
    await expect(reading).rejects.toThrow('ECONNRESET')
    expect(seen).toEqual(['a'])
  })

  it('throws when the stream is closed before its end', async () => {
    const stream = new PassThrough()
    const next = lines(stream).next()
    stream.destroy()
    await expect(next).rejects.toMatchObject({ code: 'ERR_STREAM_PREMATURE_CLOSE' })
  })
})

describe('lines with maxLength', () => {
  it('takes a line of the limit', async () => {
    expect(await all([Buffer.from('1234\r\n1234')], { maxLength: 4 })).toEqual(['1234', '1234'])
  })

  it.each([
    ['in one chunk', ['a\nb\n12345\nc\n'], ['a', 'b']],
    ['in pieces', ['a\n1', '23', '45'], ['a']],
    ['at the end', ['a\n1234\r'], ['a']],
  ])('throws at a line that is too long %s, after those before it', async (_, chunks, expected) => {
    const stream = new PassThrough()
    for (const chunk of chunks) stream.write(chunk)
    stream.end()
    const seen: string[] = []
    const reading = (async () => {
      for await (const line of lines(stream, { maxLength: 4 })) seen.push(line)
    })()
    await expect(reading).rejects.toMatchObject({ code: 'ERR_SENNIT_LINE_LENGTH', maxLength: 4 })
    expect(seen).toEqual(expected)
  })

  it('throws as soon as a line is too long, not at its end', async () => {
    const stream = new PassThrough()
    const next = lines(stream).next()
    stream.write(Buffer.alloc(16_385, 97))
    await expect(next).rejects.toMatchObject({ code: 'ERR_SENNIT_LINE_LENGTH', maxLength: 16_384 })
  })

  it('is at its end after it has thrown', async () => {
    const iterator = lines(Readable.from([Buffer.from('12345\n')]), { maxLength: 4 })
    await expect(iterator.next()).rejects.toMatchObject({ code: 'ERR_SENNIT_LINE_LENGTH' })
    expect(await iterator.next()).toEqual({ done: true, value: undefined })
  })

  it.each([0, -1, Number.NaN])('refuses %s at once', (maxLength) => {
    expect(() => lines(new PassThrough(), { maxLength })).toThrow(
      expect.objectContaining({ code: 'ERR_SENNIT_MAX_LENGTH' }),
    )
  })
})

describe('lines that are left early', () => {
  it('leave the stream alive, with the rest in it', async () => {
    const stream = new PassThrough()
    stream.write('é first\nsecond\nthi')
    for await (const line of lines(stream)) {
      expect(line).toBe('é first')
      break
    }
    expect(stream.destroyed).toBe(false)
    stream.end('rd\n')
    expect(await collect(lines(stream))).toEqual(['second', 'third'])
  })

  it('leave the bytes as they were, also those that are no UTF-8', async () => {
    const stream = new PassThrough()
    stream.write(Buffer.from([0xff, 10, 0xfe, 10, 0xfd]))
    const iterator = lines(stream)
    expect((await iterator.next()).value).toBe('\ufffd')
    await iterator.return?.()
    expect([...(stream.read() as Buffer)]).toEqual([0xfe, 10, 0xfd])
  })

  it('leave nothing behind on the stream or on the signal', async () => {
    const stream = new PassThrough()
    const { signal } = new AbortController()
    const names = ['data', 'end', 'error', 'close'] as const
    const before = names.map((name) => stream.listenerCount(name))
    const iterator = lines(stream, { signal })
    stream.write('a\n')
    await iterator.next()
    expect(getEventListeners(signal, 'abort')).toHaveLength(1)
    await iterator.return?.()
    expect(names.map((name) => stream.listenerCount(name))).toEqual(before)
    expect(getEventListeners(signal, 'abort')).toHaveLength(0)
  })

  it('end for those who wait', async () => {
    const iterator = lines(new PassThrough())
    const next = iterator.next()
    await iterator.return?.()
    expect(await next).toEqual({ done: true, value: undefined })
    expect(await iterator.next()).toEqual({ done: true, value: undefined })
  })

  it('end without the error that would have come after the lines', async () => {
    const iterator = lines(Readable.from([Buffer.from('a\nb\n12345\n')]), { maxLength: 4 })
    expect((await iterator.next()).value).toBe('a')
    await iterator.return?.()
    expect(await iterator.next()).toEqual({ done: true, value: undefined })
  })

  it('may be left before they begin', async () => {
    const stream = new PassThrough()
    stream.write('a\n')
    await lines(stream).return?.()
    expect(stream.readableFlowing).toBeNull()
    expect(String(stream.read())).toBe('a\n')
  })

  it('close an iterable, and drop what it yields later', async () => {
    let closed = false
    let resolve: (result: IteratorResult<Uint8Array>) => void = () => {}
    const iterator = lines({
      [Symbol.asyncIterator]: () => ({
        next: () => new Promise<IteratorResult<Uint8Array>>((yes) => (resolve = yes)),
        return: async () => {
          closed = true
          return { done: true, value: undefined }
        },
      }),
    })
    const next = iterator.next()
    await iterator.return?.()
    resolve({ done: false, value: Buffer.from('late\n') })
    expect(closed).toBe(true)
    expect(await next).toEqual({ done: true, value: undefined })
    expect(await iterator.next()).toEqual({ done: true, value: undefined })
  })
})

describe('lines with a signal', () => {
  it('throw its reason while they wait', async () => {
    const controller = new AbortController()
    const stream = new PassThrough()
    const iterator = lines(stream, { signal: controller.signal })
    const next = iterator.next()
    const reason = new Error('stop')
    controller.abort(reason)
    await expect(next).rejects.toBe(reason)
    expect(await iterator.next()).toEqual({ done: true, value: undefined })
    expect(stream.destroyed).toBe(false)
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0)
  })

  it('throw its reason when it is aborted before they begin, and take nothing', async () => {
    const reason = new Error('stop')
    const stream = new PassThrough()
    stream.write('a\n')
    const iterator = lines(stream, { signal: AbortSignal.abort(reason) })
    await expect(iterator.next()).rejects.toBe(reason)
    expect(String(stream.read())).toBe('a\n')
  })

  it('throw its reason before lines that have come; those stay in the stream', async () => {
    const controller = new AbortController()
    const stream = new PassThrough()
    stream.write('a\nb\nc')
    const iterator = lines(stream, { signal: controller.signal })
    expect((await iterator.next()).value).toBe('a')
    controller.abort(new Error('stop'))
    await expect(iterator.next()).rejects.toThrow('stop')
    expect(String(stream.read())).toBe('b\nc')
  })

  it('throw its reason also when the stream has ended and lines are left', async () => {
    const controller = new AbortController()
    const stream = new PassThrough()
    stream.end('a\nb\n')
    const iterator = lines(stream, { signal: controller.signal })
    await iterator.next()
    await turn()
    controller.abort(new Error('stop'))
    await expect(iterator.next()).rejects.toThrow('stop')
    expect(await iterator.next()).toEqual({ done: true, value: undefined })
  })

  it('forget it at their end', async () => {
    const { signal } = new AbortController()
    expect(await all([Buffer.from('a\n')], { signal })).toEqual(['a'])
    expect(getEventListeners(signal, 'abort')).toHaveLength(0)
  })
})
