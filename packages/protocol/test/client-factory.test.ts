import { describe, expect, it } from 'vitest'
import type { IConnector } from '@sennit/interfaces'
import { HostnameAddress } from '../src/addresses.ts'
import { ClientFactory } from '../src/client-factory.ts'
import { ConnectionRefusedError } from '../src/connect-errors.ts'
import { ConnectionDone } from '../src/connection-errors.ts'
import { Protocol } from '../src/protocol.ts'

const connector: IConnector = {
  connect: () => expect.unreachable(),
  disconnect: () => expect.unreachable(),
  stopConnecting: () => expect.unreachable(),
  getDestination: () => new HostnameAddress('carbon', 1),
}

describe('ClientFactory', () => {
  it('lets an attempt, its failure and a loss pass when nothing is overridden', () => {
    const factory = new ClientFactory()
    expect(() => {
      factory.startedConnecting(connector)
      factory.clientConnectionFailed(connector, new ConnectionRefusedError())
      factory.clientConnectionLost(connector, new ConnectionDone())
    }).not.toThrow()
  })

  it('PR-04 builds protocols as any factory does', () => {
    class Chat extends Protocol {}
    class ChatFactory extends ClientFactory<Chat> {
      override protocol = Chat
    }
    expect(new ChatFactory().buildProtocol(connector.getDestination())).toBeInstanceOf(Chat)
  })

  it('PR-04 forProtocol makes a factory for clients', () => {
    const factory = ClientFactory.forProtocol(Protocol)
    expect(factory).toBeInstanceOf(ClientFactory)
    expect(factory.buildProtocol(connector.getDestination())).toBeInstanceOf(Protocol)
  })
})
