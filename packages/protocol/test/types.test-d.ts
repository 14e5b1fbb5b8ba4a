import type { Duplex } from 'node:stream'
import { describe, expectTypeOf, it } from 'vitest'
import type {
  ConnectionHandler,
  IClientFactory,
  IConnectionContext,
  IDatagramProtocol,
  IHalfCloseableProtocol,
  IProtocol,
  IProtocolFactory,
  IPushProducer,
  IStreamHandler,
} from '@sennit/interfaces'
import {
  ClientFactory,
  type ConnectError,
  type ConnectionTimeoutError,
  type DatagramProtocol,
  DuplexProtocol,
  duplexFactory,
  Factory,
  handler,
  type HostnameAddress,
  type InternetAddress,
  type IPv4Address,
  type IPv6Address,
  type LineReceiver,
  lines,
  Protocol,
  parseAddress,
  type UserError,
} from '../src/index.ts'

class Chat extends Protocol {
  readonly room: string
  constructor(room: string) {
    super()
    this.room = room
  }
}

describe('the types', () => {
  it('let the protocol flow through its factory', () => {
    const factory = Factory.forProtocol(Chat, 'lobby')
    expectTypeOf(factory).toExtend<IProtocolFactory<Chat>>()
    expectTypeOf(factory.buildProtocol).returns.toEqualTypeOf<Chat | undefined>()
    expectTypeOf(duplexFactory().buildProtocol).returns.toEqualTypeOf<DuplexProtocol | undefined>()
  })

  it('ask for the arguments of the protocol', () => {
    // @ts-expect-error the room is missing
    expectTypeOf(Factory.forProtocol(Chat))
    // @ts-expect-error a room is a name
    expectTypeOf(Factory.forProtocol(Chat, 7))
  })

  it('let a factory with a class of its own be written', () => {
    class ChatFactory extends ClientFactory<Chat> {
      override protocol = Chat
    }
    expectTypeOf<ChatFactory>().toExtend<IClientFactory<Chat>>()
    expectTypeOf(ClientFactory.forProtocol(Chat, 'lobby')).toExtend<IClientFactory<Chat>>()
  })

  it('have the roles', () => {
    expectTypeOf<Protocol>().toExtend<IProtocol>()
    expectTypeOf<DatagramProtocol>().toExtend<IDatagramProtocol>()
    expectTypeOf<DuplexProtocol>().toExtend<Duplex & IProtocol & IHalfCloseableProtocol>()
    expectTypeOf<LineReceiver>().toExtend<IPushProducer>()
    expectTypeOf<IStreamHandler>().toExtend<ConnectionHandler>()
  })

  it('want an async function for a handler', () => {
    const made = handler(async (socket, context) => {
      expectTypeOf(socket).toEqualTypeOf<Duplex>()
      expectTypeOf(context).toEqualTypeOf<IConnectionContext>()
    })
    expectTypeOf(made).toEqualTypeOf<IStreamHandler>()
    // @ts-expect-error returning would end the connection
    handler((socket) => void socket.pipe(socket))
  })

  it('yield lines as text', () => {
    expectTypeOf(lines).returns.toEqualTypeOf<AsyncIterableIterator<string>>()
    expectTypeOf(lines).toBeCallableWith(new DuplexProtocol(), { signal: undefined, maxLength: undefined })
  })

  it('know the addresses and the errors', () => {
    expectTypeOf<InternetAddress>().toEqualTypeOf<IPv4Address | IPv6Address | HostnameAddress>()
    expectTypeOf(parseAddress('tcp:carbon:1').type).toEqualTypeOf<'TCP' | 'UDP'>()
    expectTypeOf<ConnectionTimeoutError>().toExtend<UserError & ConnectError>()
  })
})
