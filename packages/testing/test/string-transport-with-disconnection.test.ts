import { describe, expect, it } from 'vitest'
import { AccumulatingProtocol, StringTransportWithDisconnection } from '../src/index.ts'

function connected() {
  const reasons: Error[] = []
  const protocol = new AccumulatingProtocol({ onClosed: (reason) => reasons.push(reason) })
  const transport = new StringTransportWithDisconnection()
  transport.protocol = protocol
  protocol.makeConnection(transport)
  return { protocol, transport, reasons }
}

describe('StringTransportWithDisconnection', () => {
  it('TE-05 tells its protocol inside loseConnection, once', () => {
    const { transport, reasons } = connected()
    transport.loseConnection()
    expect(reasons.map(({ name }) => name)).toEqual(['ConnectionDone'])
    expect(transport).toMatchObject({ connected: false, disconnecting: true, disconnected: false })
    transport.loseConnection()
    transport.abortConnection()
    expect(reasons).toHaveLength(1)
  })

  it('TE-05 tells its protocol inside abortConnection, once', () => {
    const { transport, reasons } = connected()
    transport.abortConnection()
    transport.abortConnection()
    expect(reasons.map(({ name }) => name)).toEqual(['ConnectionAborted'])
    expect(transport).toMatchObject({ connected: false, disconnecting: true, disconnected: true })
  })

  it('TE-05 passes the reason of an abort on', () => {
    const { transport, reasons } = connected()
    const reason = new Error('x')
    transport.abortConnection(reason)
    expect(reasons).toEqual([reason])
  })

  it('TE-05 needs its protocol', () => {
    const transport = new StringTransportWithDisconnection()
    expect(() => transport.loseConnection()).toThrow(
      expect.objectContaining({ code: 'ERR_SENNIT_DOUBLE_STATE' }),
    )
  })

  it('TE-05 can be closed again from inside connectionLost', () => {
    const transport = new StringTransportWithDisconnection()
    let losses = 0
    const protocol = new AccumulatingProtocol({
      onClosed: () => {
        losses++
        transport.loseConnection()
      },
    })
    transport.protocol = protocol
    transport.loseConnection()
    expect(losses).toBe(1)
  })
})
