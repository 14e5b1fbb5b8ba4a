import { describe, expect, it } from 'vitest'
import { ConnectionDone } from '@sennit/protocol'
import { AccumulatingProtocol, StringTransport } from '../src/index.ts'

describe('AccumulatingProtocol', () => {
  it('TE-12 records that it was made, what came, and how it ended', () => {
    const protocol = new AccumulatingProtocol()
    expect(protocol).toMatchObject({ made: false, closed: false, connected: false })
    const transport = new StringTransport()
    protocol.makeConnection(transport)
    expect(protocol).toMatchObject({ made: true, connected: true, transport })
    protocol.dataReceived(Buffer.from('a'))
    protocol.dataReceived(Buffer.from('b'))
    expect(protocol.data.toString()).toBe('ab')
    expect(protocol.chunks).toHaveLength(2)
    const reason = new ConnectionDone()
    protocol.connectionLost(reason)
    expect(protocol).toMatchObject({ closed: true, closedReason: reason, connected: false })
  })

  it('TE-12 calls its hooks', () => {
    const calls: unknown[] = []
    const protocol = new AccumulatingProtocol({
      onMade: (made) => calls.push(['made', made.made]),
      onData: (data) => calls.push(['data', Buffer.from(data).toString()]),
      onClosed: (reason) => calls.push(['closed', reason.name]),
    })
    protocol.makeConnection(new StringTransport())
    protocol.dataReceived(Buffer.from('x'))
    protocol.connectionLost(new ConnectionDone())
    expect(calls).toEqual([
      ['made', true],
      ['data', 'x'],
      ['closed', 'ConnectionDone'],
    ])
  })

  it('TE-12 settles its promises', async () => {
    const protocol = new AccumulatingProtocol()
    protocol.makeConnection(new StringTransport())
    await protocol.whenMade
    const reason = new ConnectionDone()
    protocol.connectionLost(reason)
    expect(await protocol.whenClosed).toBe(reason)
  })
})
