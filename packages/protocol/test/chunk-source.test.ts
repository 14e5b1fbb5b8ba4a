import { PassThrough, Readable } from 'node:stream'
import { setImmediate as turn } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { type ChunkSink, chunkSource } from '../src/chunk-source.ts'

class Sink implements ChunkSink {
  readonly seen: string[] = []
  chunk(chunk: Buffer) {
    this.seen.push(chunk.toString())
  }
  end() {
    this.seen.push('<end>')
  }
  fail(error: Error & { code?: string }) {
    this.seen.push(`<${error.code ?? error.message}>`)
  }
}

function fromStream(stream: Readable = new PassThrough()) {
  const sink = new Sink()
  return { stream, sink, source: chunkSource(stream, sink) }
}

describe('chunkSource of a stream', () => {
  it('touches nothing before the first pull', async () => {
    const { stream, sink } = fromStream()
    stream.push('a')
    await turn()
    expect(stream.readableFlowing).toBeNull()
    expect(sink.seen).toEqual([])
  })

  it('answers each pull with one chunk, and pauses the stream in between', async () => {
    const { stream, sink, source } = fromStream()
    source.pull()
    for (const chunk of ['a', 'b', 'c']) stream.push(chunk)
    await turn()
    expect(sink.seen).toEqual(['a'])
    expect(stream.isPaused()).toBe(true)
    source.pull()
    expect(sink.seen).toEqual(['a', 'b'])
    source.pull()
    await turn()
    expect(sink.seen).toEqual(['a', 'b', 'c'])
  })

  it('does not pause a stream that yields nothing too much', async () => {
    const { stream, sink, source } = fromStream()
    source.pull()
    stream.push('a')
    await turn()
    expect(sink.seen).toEqual(['a'])
    expect(stream.isPaused()).toBe(false)
  })

  it('tells the end after the chunks', async () => {
    const { stream, sink, source } = fromStream()
    source.pull()
    stream.push('a')
    stream.push('b')
    stream.push(null)
    await turn()
    source.pull()
    source.pull()
    await turn()
    expect(sink.seen).toEqual(['a', 'b', '<end>'])
  })

  it('tells an error after the chunks', async () => {
    const { stream, sink, source } = fromStream()
    source.pull()
    stream.push('a')
    stream.push('b')
    await turn()
    stream.destroy(new Error('no'))
    await turn()
    source.pull()
    source.pull()
    expect(sink.seen).toEqual(['a', 'b', '<no>'])
  })

  it.each([
    ['an error', new Error('no'), '<no>'],
    ['no error', undefined, '<ERR_STREAM_PREMATURE_CLOSE>'],
  ])('tells that the stream is destroyed with %s while it waits', async (_, error, expected) => {
    const { stream, sink, source } = fromStream()
    source.pull()
    stream.destroy(error)
    await turn()
    expect(sink.seen).toEqual([expected])
  })

  it.each([
    ['ended', (stream: Readable) => stream.resume().push(null), '<end>'],
    ['failed', (stream: Readable) => stream.destroy(new Error('no')), '<no>'],
    ['closed', (stream: Readable) => stream.destroy(), '<ERR_STREAM_PREMATURE_CLOSE>'],
  ])('tells that the stream has %s before', async (_, finish, expected) => {
    const { stream, sink, source } = fromStream(new Readable({ read() {}, autoDestroy: true }))
    stream.on('error', () => {})
    finish(stream)
    await turn()
    source.pull()
    await turn()
    expect(sink.seen).toEqual([expected])
  })

  it('puts back what was taken too much, behind what it is given, and pauses', async () => {
    const { stream, sink, source } = fromStream()
    source.pull()
    for (const chunk of ['a', 'b', 'c']) stream.push(chunk)
    await turn()
    source.close([Buffer.from('1'), Buffer.from('2')])
    expect(sink.seen).toEqual(['a'])
    expect(stream.isPaused()).toBe(true)
    expect(String(stream.read())).toBe('12bc')
  })

  it('takes its listeners away', async () => {
    const { stream, source } = fromStream()
    const names = ['data', 'end', 'error', 'close'] as const
    const before = names.map((name) => stream.listenerCount(name))
    source.pull()
    source.close([])
    expect(names.map((name) => stream.listenerCount(name))).toEqual(before)
  })

  it('reads a stream of text, and puts text back', async () => {
    const { stream, sink, source } = fromStream()
    stream.setEncoding('utf8')
    source.pull()
    stream.push(Buffer.from('é'))
    stream.push(Buffer.from('x'))
    await turn()
    source.close([Buffer.from('ü')])
    expect(sink.seen).toEqual(['é'])
    expect(stream.read()).toBe('üx')
  })

  it.each([
    ['destroyed', (stream: Readable) => stream.destroy()],
    ['ended', (stream: Readable) => stream.resume().push(null)],
  ])('puts nothing back into a stream that is %s', async (_, finish) => {
    const { stream, source } = fromStream(new Readable({ read() {}, autoDestroy: false }))
    source.pull()
    finish(stream)
    await turn()
    expect(() => source.close([Buffer.from('late')])).not.toThrow()
    await turn()
    expect(stream.errored).toBeNull()
  })
})

describe('chunkSource of an iterable', () => {
  it('answers each pull with one chunk, then with the end', async () => {
    let taken = 0
    async function* chunks() {
      for (const chunk of [new Uint8Array([97]), 'b']) {
        taken++
        yield chunk
      }
    }
    const sink = new Sink()
    const source = chunkSource(chunks(), sink)
    source.pull()
    await turn()
    expect([sink.seen, taken]).toEqual([['a'], 1])
    source.pull()
    await turn()
    source.pull()
    await turn()
    expect(sink.seen).toEqual(['a', 'b', '<end>'])
  })

  it('tells an error', async () => {
    const sink = new Sink()
    // oxlint-disable-next-line require-yield
    const failing = (async function* (): AsyncGenerator<string> {
      throw new Error('no')
    })()
    chunkSource(failing, sink).pull()
    await turn()
    expect(sink.seen).toEqual(['<no>'])
  })

  it('closes the iterable, whose failure to close is nobody’s', async () => {
    let closed = 0
    const iterable = {
      [Symbol.asyncIterator]: () => ({
        next: () => new Promise<never>(() => {}),
        return: () => {
          closed++
          return Promise.reject(new Error('no'))
        },
      }),
    }
    chunkSource(iterable, new Sink()).close([])
    await turn()
    expect(closed).toBe(1)
  })

  it('closes an iterable that cannot be closed', () => {
    const iterable = { [Symbol.asyncIterator]: () => ({ next: () => new Promise<never>(() => {}) }) }
    expect(() => chunkSource(iterable, new Sink()).close([])).not.toThrow()
  })
})
