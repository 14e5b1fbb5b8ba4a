import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { RedisError, type Reply } from '../src/index.ts'
import { repliesOf } from './support/replies-of.ts'

/** A reply as a server sends it. */
function encoded(reply: Reply): string {
  if (reply === null) return '$-1\r\n'
  if (reply instanceof RedisError) return `-${reply.message}\r\n`
  if (Array.isArray(reply)) return `*${reply.length}\r\n${reply.map(encoded).join('')}`
  if (typeof reply === 'string') return `$${Buffer.byteLength(reply)}\r\n${reply}\r\n`
  return `:${reply}\r\n`
}

/** Every kind of reply, in arrays as well. */
const { reply: anyReply } = fc.letrec<{ reply: Reply }>((tie) => ({
  reply: fc.oneof(
    { maxDepth: 3 },
    fc.string({ unit: 'binary' }),
    fc.constantFrom('', '\r\n', '$-1\r\n', '*1\r\n'),
    fc.maxSafeInteger(),
    fc.bigInt({ min: 2n ** 53n, max: 2n ** 63n - 1n }),
    fc.constant(null),
    fc.constantFrom(new RedisError('ERR no'), new RedisError('WRONGTYPE not a list')),
    fc.array(tie('reply'), { maxLength: 4 }),
  ),
}))

/** The same bytes in chunks that end at these places. */
function cut(bytes: Buffer, places: readonly number[]): Buffer[] {
  const ends = [...places.map((place) => place % (bytes.length + 1)), bytes.length].toSorted((a, b) => a - b)
  return ends.map((end, at) => bytes.subarray(at === 0 ? 0 : ends[at - 1]!, end))
}

describe('RespReceiver', () => {
  it.each<[string, Reply]>([
    ['+OK\r\n', 'OK'],
    ['+\r\n', ''],
    [':0\r\n', 0],
    [':-12\r\n', -12],
    [':9007199254740993\r\n', 9007199254740993n],
    ['$5\r\nhello\r\n', 'hello'],
    ['$2\r\né\r\n', 'é'],
    ['$0\r\n\r\n', ''],
    ['$4\r\n\r\n\r\n\r\n', '\r\n\r\n'],
    ['$-1\r\n', null],
    ['*-1\r\n', null],
    ['*0\r\n', []],
    ['*3\r\n:1\r\n$1\r\na\r\n*2\r\n*0\r\n$-1\r\n', [1, 'a', [[], null]]],
  ])('reads %j', (text, reply) => {
    expect(repliesOf([Buffer.from(text)])).toMatchObject({ replies: [reply], faults: [] })
  })

  it('reads errors, alone and in an array, with their first word as the code', () => {
    const { replies } = repliesOf([Buffer.from('-ERR no such thing\r\n*1\r\n-WRONGTYPE of it\r\n')])
    expect(replies).toEqual([new RedisError('ERR no such thing'), [new RedisError('WRONGTYPE of it')]])
    expect(replies[0]).toMatchObject({ code: 'ERR', message: 'ERR no such thing' })
  })

  it('reads the same wherever the chunks end', () => {
    const all: Reply[] = ['a\r\nb', null, [1, ['é', new RedisError('ERR no')], []], '', 2]
    const bytes = Buffer.from(`+OK\r\n${all.map(encoded).join('')}`)
    for (let border = 0; border <= bytes.length; border++)
      expect(repliesOf(cut(bytes, [border])).replies, `border at ${border}`).toEqual(['OK', ...all])
    expect(repliesOf([...bytes].map((byte) => Buffer.of(byte))).replies).toEqual(['OK', ...all])
  })

  it('reads any replies from any chunks', () => {
    fc.assert(
      fc.property(fc.array(anyReply), fc.array(fc.nat()), (replies, places) => {
        const bytes = Buffer.from(replies.map(encoded).join(''))
        expect(repliesOf(cut(bytes, places))).toMatchObject({ replies, faults: [] })
      }),
    )
  })

  it('hands nothing out of a reply that is not whole', () => {
    const bytes = Buffer.from(encoded([1, 'two', [null, 'three']]))
    for (let length = 0; length < bytes.length; length++)
      expect(repliesOf([bytes.subarray(0, length)])).toMatchObject({ replies: [], faults: [] })
  })

  it.each([
    '?\r\n',
    '\r\n',
    'HTTP/1.1 400\r\n',
    ':\r\n',
    ':1.5\r\n',
    '$x\r\n',
    '$-2\r\n',
    '$\r\n',
    '*1x\r\n',
    '$1\r\nabc',
  ])('gives up at %j, and reads nothing after it', (text) => {
    const { replies, faults } = repliesOf([Buffer.from(`+OK\r\n${text}+later\r\n`)])
    expect(replies).toEqual(['OK'])
    expect(faults).toMatchObject([{ code: 'ERR_REDIS_PROTOCOL' }])
  })

  it('gives up at a string that is longer than a server may send, and at a line without an end', () => {
    expect(repliesOf([Buffer.from(`$${2 ** 29 + 1}\r\n`)]).faults).toHaveLength(1)
    expect(repliesOf([Buffer.from(`+${'x'.repeat(70_000)}`)]).faults).toHaveLength(1)
  })
})
