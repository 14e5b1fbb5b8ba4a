/** What several suites need besides `@sennit/testing`. */
import type { IConnector } from '@sennit/interfaces'
import { ClientFactory, DatagramProtocol, Protocol } from '@sennit/protocol'

/** A factory that remembers what it was told. */
export class RecorderFactory extends ClientFactory<Protocol> {
  readonly events: string[] = []
  readonly built: Protocol[] = []
  connector: IConnector | undefined
  reason: Error | undefined

  override doStart(): void {
    this.events.push('doStart')
  }

  override doStop(): void {
    this.events.push('doStop')
  }

  override startedConnecting(connector: IConnector): void {
    this.events.push('startedConnecting')
    this.connector = connector
  }

  override buildProtocol(): Protocol {
    this.events.push('buildProtocol')
    const protocol = new Protocol()
    this.built.push(protocol)
    return protocol
  }

  override clientConnectionFailed(connector: IConnector, reason: Error): void {
    this.events.push('clientConnectionFailed')
    this.connector = connector
    this.reason = reason
  }

  override clientConnectionLost(connector: IConnector, reason: Error): void {
    this.events.push('clientConnectionLost')
    this.connector = connector
    this.reason = reason
  }
}

/** A datagram protocol that remembers what it was told. */
export class DatagramRecorder extends DatagramProtocol {
  readonly datagrams: string[] = []
  readonly events: string[] = []

  override startProtocol(): void {
    this.events.push('start')
  }

  override stopProtocol(): void {
    this.events.push('stop')
  }

  override datagramReceived(datagram: Uint8Array): void {
    this.datagrams.push(Buffer.from(datagram).toString())
  }
}
