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
  frames,
  handler,
  type HostnameAddress,
  Int16StringReceiver,
  type InternetAddress,
  type IPv4Address,
  type IPv6Address,
  LimitTotalConnectionsFactory,
  LineReceiver,
  lines,
  NetstringReceiver,
  netstrings,
  Protocol,
  ProtocolWrapper,
  parseAddress,
  ThrottlingFactory,
  type ThrottlingProtocol,
  TimeoutFactory,
  TimeoutMixin,
  type TimeoutProtocol,
  type UserError,
  WrappingFactory,
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

  it('let a union of protocols, and a refusal, flow through a factory and those around it', () => {
    class Refusing implements IProtocolFactory<Chat | DuplexProtocol> {
      buildProtocol(): Chat | DuplexProtocol | undefined {
        return undefined
      }
      doStart() {}
      doStop() {}
    }
    const factory = new Refusing()
    expectTypeOf(new WrappingFactory(factory).buildProtocol).returns.toEqualTypeOf<
      ProtocolWrapper<Chat | DuplexProtocol> | undefined
    >()
    expectTypeOf(new TimeoutFactory(factory).buildProtocol).returns.toEqualTypeOf<
      TimeoutProtocol<Chat | DuplexProtocol> | undefined
    >()
    const both = new ThrottlingFactory(new TimeoutFactory(Factory.forProtocol(Chat, 'lobby')))
    expectTypeOf(both.buildProtocol).returns.toEqualTypeOf<
      ThrottlingProtocol<TimeoutProtocol<Chat>> | undefined
    >()
    expectTypeOf(both).toExtend<IProtocolFactory & IClientFactory & ConnectionHandler>()
    expectTypeOf<
      NonNullable<ReturnType<typeof both.buildProtocol>>['wrappedProtocol']['wrappedProtocol']['room']
    >().toEqualTypeOf<string>()
  })

  it('tell what serves those that are too many', () => {
    const chat = Factory.forProtocol(Chat, 'lobby')
    expectTypeOf(
      new LimitTotalConnectionsFactory(chat, { connectionLimit: 1 }).buildProtocol,
    ).returns.toEqualTypeOf<ProtocolWrapper<Chat> | undefined>()
    const overflowFactory = duplexFactory()
    expectTypeOf(
      new LimitTotalConnectionsFactory(chat, { overflowFactory }).buildProtocol,
    ).returns.toEqualTypeOf<ProtocolWrapper<Chat | DuplexProtocol> | undefined>()
  })

  it('want a factory of protocols for a policy, and a protocol for a factory', () => {
    // @ts-expect-error a handler of streams builds no protocols
    expectTypeOf(new WrappingFactory(handler(async () => {})))
    // @ts-expect-error a protocol is no factory
    expectTypeOf(new ThrottlingFactory(new Chat('lobby')))
    // @ts-expect-error a date is no protocol
    expectTypeOf(Factory.forProtocol(Date))
    // @ts-expect-error a limit is a number
    expectTypeOf(new ThrottlingFactory(Factory.forProtocol(Chat, 'lobby'), { readLimit: '1k' }))
    // @ts-expect-error a receiver of lines is no factory
    expectTypeOf<LineReceiver>().toExtend<ConnectionHandler>()
  })

  it('want the hook of a receiver to be written', () => {
    // @ts-expect-error stringReceived is missing
    class Deaf extends NetstringReceiver {}
    class Texting extends Int16StringReceiver {
      // @ts-expect-error a string comes as bytes
      override stringReceived(_string: string) {}
    }
    expectTypeOf<typeof Deaf | typeof Texting>().not.toBeAny()
  })

  it('let a class be extended by timeouts, with its own members', () => {
    class Login extends TimeoutMixin(LineReceiver) {
      override lineReceived() {
        expectTypeOf(this.setTimeout('30s')).toEqualTypeOf<number>()
        expectTypeOf(this.lineMode).toEqualTypeOf<boolean>()
        // @ts-expect-error there is no such unit
        this.setTimeout('1d')
      }
    }
    expectTypeOf(Factory.forProtocol(Login, { delimiter: '\n' }).buildProtocol).returns.toEqualTypeOf<
      Login | undefined
    >()
    // @ts-expect-error only protocols have a connection to time out
    expectTypeOf(TimeoutMixin(Date))
  })

  it("let a wrapper of one's own be put around each protocol", () => {
    class Counting<P extends IProtocol> extends ProtocolWrapper<P> {
      count = 0
    }
    class CountingFactory<P extends IProtocol> extends WrappingFactory<P, Counting<P>> {
      override protocol = Counting<P>
    }
    expectTypeOf(new CountingFactory(Factory.forProtocol(Chat, 'lobby')).buildProtocol).returns.toEqualTypeOf<
      Counting<Chat> | undefined
    >()
  })

  it('yield strings as bytes', () => {
    expectTypeOf(frames).returns.toEqualTypeOf<AsyncIterableIterator<Buffer>>()
    expectTypeOf(netstrings).toBeCallableWith(new DuplexProtocol(), {
      signal: undefined,
      maxLength: undefined,
    })
  })
})
