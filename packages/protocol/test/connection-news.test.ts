import { channels, type ConnectionCloseMessage, type ConnectionOpenMessage } from '@sennit/runtime'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ConnectionDone, IPv4Address, UNIXAddress } from '../src/index.ts'
import { tellClosed, tellOpened, type ToldConnection } from '../src/internal.ts'

const { connectionOpen, connectionClose } = channels

let opened: ConnectionOpenMessage[]
let closed: ConnectionCloseMessage[]
const onOpen = (message: ConnectionOpenMessage): void => void opened.push(message)
const onClose = (message: ConnectionCloseMessage): void => void closed.push(message)

beforeEach(() => {
  opened = []
  closed = []
})
afterEach(() => {
  connectionOpen.unsubscribe(onOpen)
  connectionClose.unsubscribe(onClose)
})

const counted = () => ({ bytesRead: 3, bytesWritten: 4 })
const told =
  (connection: object, part: Partial<ToldConnection> = {}) =>
  (): ToldConnection => ({
    side: 'server',
    connection,
    isSecure: false,
    host: new IPv4Address('TCP', '127.0.0.1', 1),
    peer: new IPv4Address('TCP', '127.0.0.1', 2),
    ...part,
  })

describe('the news of connections', () => {
  it('are not even made while nobody listens', () => {
    let made = 0
    const connection = counted()
    tellOpened(() => {
      made++
      return told(connection)()
    })
    connectionClose.subscribe(onClose)
    tellClosed(connection, new ConnectionDone())
    expect([made, closed]).toEqual([0, []])
  })

  it('tell of the opening and of the end, once each', () => {
    connectionOpen.subscribe(onOpen)
    connectionClose.subscribe(onClose)
    const connection = counted()
    const reason = new ConnectionDone()
    tellOpened(told(connection))
    expect(opened).toEqual([expect.objectContaining({ side: 'server', connection })])
    tellClosed(connection, reason)
    tellClosed(connection, reason)
    expect(closed).toHaveLength(1)
    expect(closed[0]).toMatchObject({ side: 'server', connection, bytesRead: 3, bytesWritten: 4, reason })
    expect(String(closed[0]!.peer)).toBe('tcp:127.0.0.1:2')
  })

  it('tell of the end also who did not listen to the opening', () => {
    connectionClose.subscribe(onClose)
    const connection = counted()
    tellOpened(told(connection))
    tellClosed(connection, new ConnectionDone())
    expect([opened.length, closed.length]).toEqual([0, 1])
    expect([closed[0]!.transport, String(closed[0]!.host)]).toEqual(['tcp', 'tcp:127.0.0.1:1'])
  })

  it.each([
    [{}, 'tcp'],
    [{ isSecure: true }, 'tls'],
    [{ host: new UNIXAddress('/run/x') }, 'unix'],
  ])('name what a connection with %j runs over: %s', (part, transport) => {
    connectionOpen.subscribe(onOpen)
    tellOpened(told(counted(), part))
    expect(opened[0]!.transport).toBe(transport)
  })
})
