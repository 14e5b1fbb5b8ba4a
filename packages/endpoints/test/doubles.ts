/** What several suites need besides `@sennit/testing`. */
import type { IProtocol, IProtocolFactory, IStreamTransport } from '@sennit/interfaces'
import { Factory, Protocol } from '@sennit/protocol'

/** A protocol that remembers what it was told. */
export class Recorder extends Protocol {
  readonly events: string[] = []
  lost: Error | undefined

  override connectionMade(): void {
    this.events.push('made')
  }

  override dataReceived(data: Uint8Array): void {
    this.events.push(Buffer.from(data).toString())
  }

  override connectionLost(reason: Error): void {
    super.connectionLost(reason)
    this.events.push('lost')
    this.lost = reason
  }
}

/** A factory that counts its uses and keeps what it built. */
export class RecorderFactory extends Factory<Recorder> {
  readonly built: Recorder[] = []
  readonly calls: string[] = []

  override buildProtocol(): Recorder {
    const protocol = new Recorder()
    this.built.push(protocol)
    return protocol
  }

  override doStart(): void {
    this.calls.push('doStart')
  }

  override doStop(): void {
    this.calls.push('doStop')
  }
}

/** A factory around one function. */
export function factoryOf<P extends IProtocol>(build: () => P | undefined): IProtocolFactory<P> {
  return { buildProtocol: build, doStart: () => {}, doStop: () => {} }
}

/** A protocol of which only `makeConnection` matters. */
export function onMade(makeConnection: (transport: IStreamTransport) => void): Recorder {
  return Object.assign(new Recorder(), { makeConnection })
}
