import { StringTransport } from '@sennit/testing'
import { describe, expect, it } from 'vitest'
import { generated, type Draw } from '../src/generated.ts'
import { KINDS, receiver, type Kind } from '../src/receivers.ts'
import { answersOf, twistedIsThere } from '../src/twisted.ts'

const LIMIT = 12

interface Case {
  readonly kind: Kind
  readonly limit: number
  /** In hex. */
  readonly chunks: readonly string[]
}

interface Seen {
  readonly received: readonly string[]
  readonly closed: boolean
}

/** One message as it is sent, or something close to it. */
function drawPiece(kind: Kind, draw: Draw): Buffer {
  const length = draw.chance(0.1) ? draw.integer(LIMIT - 2, LIMIT + 2) : draw.integer(0, 8)
  const text = Buffer.from(
    draw.many(length, length, () => draw.one([0x0d, 0x0a, 0x2c, 0x30, 0x31, 0x3a, 0x61, 0x62])),
  )
  const said = draw.chance(0.05) ? draw.integer(0, 2 * LIMIT) : length
  if (kind === 'Netstrings') {
    const before = draw.chance(0.03) ? draw.one(['0', '-', ' ', 'x', '+']) : ''
    const after = draw.chance(0.03) ? draw.one([';', '', ',,']) : ','
    return Buffer.concat([Buffer.from(`${before}${said}:`), text, Buffer.from(after)])
  }
  if (kind === 'Lines' || kind === 'OnlyLines') {
    return Buffer.concat([text, Buffer.from(draw.chance(0.9) ? '\r\n' : draw.one(['\r', '\n', '\n\r']))])
  }
  const prefix = Buffer.alloc(Number(kind.slice(3)) / 8)
  prefix.writeUIntBE(said, 0, prefix.length)
  return Buffer.concat([prefix, text])
}

function drawCase(kind: Kind, draw: Draw): Case {
  const pieces = draw.many(1, 12, () => drawPiece(kind, draw))
  // Of a line that is too long and has no end yet, theirs tells a byte sooner; so the last one ends.
  const bytes = Buffer.concat([...pieces, Buffer.from(kind === 'OnlyLines' ? '\r\n' : '')])
  const chunks: string[] = []
  for (let at = 0; at < bytes.length;) {
    let end = at + draw.integer(1, draw.one([1, 3, 10, 100]))
    // A delimiter in two parts differs: see below.
    while (kind === 'OnlyLines' && bytes[end - 1] === 0x0d && end < bytes.length) end++
    chunks.push(bytes.subarray(at, end).toString('hex'))
    at = end
  }
  return { kind, limit: LIMIT, chunks }
}

function ours({ kind, limit, chunks }: Case): Seen {
  const received: string[] = []
  const protocol = receiver(kind, limit, { message: (message) => received.push(message.toString('hex')) })
  const transport = new StringTransport()
  protocol.makeConnection(transport)
  for (const chunk of chunks) {
    if (!transport.disconnecting) protocol.dataReceived(Buffer.from(chunk, 'hex'))
  }
  return { received, closed: transport.disconnecting }
}

describe.skipIf(!twistedIsThere)('framing beside Twisted’s', () => {
  it.each(KINDS)('%s finds the same messages in any bytes, however they come', (kind) => {
    const cases = generated(`framing ${kind}`, 500, (draw) => drawCase(kind, draw))
    const theirs = answersOf<Seen[]>('answers.py', { table: 'framing', cases })
    for (const [index, scenario] of cases.entries()) {
      expect(ours(scenario), JSON.stringify(scenario)).toEqual(theirs[index])
    }
  })

  it('a line of exactly the limit is taken when its delimiter comes in two parts; their LineOnlyReceiver closes', () => {
    const chunks = ['a'.repeat(LIMIT) + '\r', '\n'].map((chunk) => Buffer.from(chunk).toString('hex'))
    const cases = (['Lines', 'OnlyLines'] as const).map((kind) => ({ kind, limit: LIMIT, chunks }))
    const taken = { received: [Buffer.from('a'.repeat(LIMIT)).toString('hex')], closed: false }
    const theirs = answersOf<Seen[]>('answers.py', { table: 'framing', cases })
    expect(theirs).toEqual([taken, { received: [], closed: true }])
    expect(cases.map(ours)).toEqual([taken, taken])
  })
})
