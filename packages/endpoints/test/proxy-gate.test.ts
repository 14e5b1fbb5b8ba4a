import { internetAddress } from '@sennit/protocol'
import { Clock } from '@sennit/runtime'
import { MemoryLog } from '@sennit/testing'
import { describe, expect, it } from 'vitest'
import type { ProxyHeaderError } from '../src/errors.ts'
import { ProxyGate, ProxyPreface } from '../src/proxy-gate.ts'
import type { ProxyHeader } from '../src/proxy-header.ts'
import { TrustedNetworks } from '../src/trusted-networks.ts'

const proxy = internetAddress('TCP', '127.0.0.1', 40_000)
const stranger = internetAddress('TCP', '192.0.2.66', 40_000)

function gate() {
  const clock = new Clock()
  const log = new MemoryLog()
  const made = new ProxyGate({ trusted: new TrustedNetworks(), headerTimeout: 5, clock, log })
  const headers: ProxyHeader[] = []
  const refusals: ProxyHeaderError[] = []
  const outcome = {
    read: (header: ProxyHeader) => headers.push(header),
    refused: (error: ProxyHeaderError) => refusals.push(error),
  }
  const begin = () => new ProxyPreface(made, proxy, outcome)
  return { made, clock, log, headers, refusals, begin }
}

describe('ProxyGate', () => {
  it('EP-62 admits trusted proxies only, and counts the others', () => {
    const { made, log } = gate()
    expect(made.admits(proxy)).toBe(true)
    expect(made.admits(stranger)).toBe(false)
    expect(made.untrusted).toBe(1)
    expect(log.events).toMatchObject([
      {
        level: 'warn',
        message: 'A connection of no trusted proxy is refused',
        fields: { peer: 'tcp:192.0.2.66:40000' },
      },
    ])
  })

  it('warns once in ten seconds, however many come', () => {
    const { made, clock, log } = gate()
    for (let i = 0; i < 100; i++) made.admits(stranger)
    expect(log.messages('warn')).toHaveLength(1)
    clock.advance(10)
    made.admits(stranger)
    expect(log.messages('warn')).toHaveLength(2)
    expect(log.messages('debug')).toHaveLength(99)
    expect(made.untrusted).toBe(101)
  })
})

describe('ProxyPreface', () => {
  it('EP-63 tells the header, once, and forgets its deadline', () => {
    const { clock, headers, refusals, begin } = gate()
    const preface = begin()
    preface.push(Buffer.from('PROXY UNKNOWN'))
    expect(preface.over).toBe(false)
    preface.push(Buffer.from('\r\nrest'))
    preface.push(Buffer.from('more'))
    expect(headers.map(({ rest }) => Buffer.from(rest).toString())).toEqual(['rest'])
    expect(preface.over).toBe(true)
    clock.advance(60)
    expect(refusals).toEqual([])
    expect(clock.getDelayedCalls()).toEqual([])
  })

  it('EP-63 refuses what can be no header, counts it, and forgets its deadline', () => {
    const { made, clock, log, refusals, begin } = gate()
    const preface = begin()
    preface.push(Buffer.from('GET /'))
    preface.push(Buffer.from('PROXY UNKNOWN\r\n'))
    expect(refusals).toMatchObject([{ code: 'ERR_SENNIT_PROXY_HEADER' }])
    expect(made.invalid).toBe(1)
    expect(log.messages('warn')).toEqual(['A connection without a PROXY header is refused'])
    expect(clock.getDelayedCalls()).toEqual([])
  })

  it('EP-63 refuses a header that does not come in time', () => {
    const { made, clock, refusals, begin } = gate()
    begin().push(Buffer.from('PROXY '))
    clock.advance(4.9)
    expect(refusals).toEqual([])
    clock.advance(0.1)
    expect(refusals.map(({ message }) => message)).toEqual([
      "Cannot serve the connection: 'PROXY header' must be there within 5 s",
    ])
    expect(made.invalid).toBe(1)
  })

  it('tells nothing after it was stopped', () => {
    const { clock, headers, refusals, begin } = gate()
    const preface = begin()
    preface.stop()
    preface.stop()
    preface.push(Buffer.from('PROXY UNKNOWN\r\n'))
    clock.advance(60)
    expect([headers, refusals]).toEqual([[], []])
  })
})
