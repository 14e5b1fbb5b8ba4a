import { describe, expect, it } from 'vitest'
import { Clock } from '@sennit/runtime'
import { authority } from '../../../src/index.ts'
import { TLSLayer, type TLSLayerOwner } from '../../../src/world/tls/tls-layer.ts'
import { DATA, recordsOf } from '../../../src/world/tls/tls-records.ts'
import { TLSClient, TLSServer, type TLSSide } from '../../../src/world/tls/tls-side.ts'

const NOW = Date.UTC(2026, 0) / 1000
const known = authority('known')
const server = () => new TLSServer('listen', known.issue('a.example')).side(() => NOW)
const client = (options = { ca: known.cert }) =>
  new TLSClient('connect', options, 'a.example').side(() => NOW)

/** One end, and what becomes of it. */
class End implements TLSLayerOwner {
  readonly clock = new Clock()
  readonly sent: Buffer[] = []
  readonly got: string[] = []
  layer: TLSLayer

  constructor(side: TLSSide, timeout?: number) {
    this.layer = new TLSLayer(this, {
      side,
      timeout,
      clock: this.clock,
      done: () => this.got.push('done'),
      failed: (error) => error,
    })
    this.layer.start()
  }
  sendRecords(records: Buffer): void {
    this.sent.push(records)
  }
  opened(chunk: Buffer): void {
    this.got.push(chunk.toString())
  }
  openedEnd(truncation?: Error): void {
    this.got.push((truncation as { code?: string } | undefined)?.code ?? 'end')
  }
  closeNow(reason: Error & { code?: string }): void {
    this.got.push(`${reason.name} ${reason.code}`)
  }
}

/** Lets two ends talk until both are silent. */
function talk(one: End, other: End): void {
  while (one.sent.length + other.sent.length > 0) {
    for (const records of one.sent.splice(0)) other.layer.receive(records)
    for (const records of other.sent.splice(0)) one.layer.receive(records)
  }
}

function secured(): [End, End] {
  const ends: [End, End] = [new End(client()), new End(server())]
  talk(...ends)
  return ends
}

describe('TLSLayer', () => {
  it('keeps what is written until the handshake is done, and tells how much data has come', () => {
    const [one, other] = [new End(client()), new End(server())]
    one.layer.write(Buffer.from('early'))
    expect(one.layer.isTalking).toBe(true)
    talk(one, other)
    expect([one.got, other.got]).toEqual([['done'], ['done', 'early']])
    expect(one.layer.isTalking).toBe(false)
    expect(other.layer.receive(recordsOf(DATA, Buffer.from('abc')))).toBe(3)
  })

  it('tells an end that was said from one that was not', () => {
    const [one, other] = secured()
    one.layer.sayEnd()
    talk(one, other)
    other.layer.ended()
    one.layer.ended()
    expect(other.got).toEqual(['done', 'end'])
    expect(one.got).toEqual(['done', 'ERR_SENNIT_TLS_TRUNCATED'])
  })

  it('fails when the other side goes, is too slow, or speaks nonsense', () => {
    const gone = new End(client())
    gone.layer.ended()
    gone.layer.ended()
    expect(gone.got).toEqual(['SSLError ECONNRESET'])
    const slow = new End(server(), 5)
    slow.clock.advance(5)
    expect(slow.got).toEqual(['SSLError ERR_SENNIT_HANDSHAKE_TIMEOUT'])
    const rude = new End(server())
    rude.layer.receive(Buffer.from('hello world'))
    expect(rude.got).toEqual(['SSLError ERR_SSL_WRONG_VERSION_NUMBER'])
    expect(rude.clock.getDelayedCalls()).toEqual([])
  })

  it('tells the other side of a refusal that TLS has an alert for', () => {
    const [one, other] = [
      new End(new TLSClient('connect', { maxVersion: 'TLSv1.2' }, 'a.example').side(() => NOW)),
      new End(
        new TLSServer('listen', { ...known.issue('a.example'), minVersion: 'TLSv1.3' }).side(() => NOW),
      ),
    ]
    talk(one, other)
    expect(other.got).toEqual(['SSLError ERR_SSL_UNSUPPORTED_PROTOCOL'])
    expect(one.got).toEqual(['SSLError ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION'])
  })

  it('is a loss, not a failed handshake, when nonsense comes later', () => {
    const [one] = secured()
    one.layer.receive(Buffer.from('hello world'))
    expect(one.got).toEqual(['done', 'ConnectionLost ERR_SSL_WRONG_VERSION_NUMBER'])
  })

  it('does nothing once it is closed', () => {
    const [one] = secured()
    one.layer.close()
    expect(one.layer.receive(recordsOf(DATA, Buffer.from('late')))).toBe(0)
    expect(one.got).toEqual(['done'])
  })

  it('has no limit when it is told so', () => {
    expect(new End(client(), Infinity).clock.getDelayedCalls()).toEqual([])
  })
})
