import type {
  IAddress,
  IClosingTransport,
  IPullProducer,
  IPushProducer,
  IStreamTransport,
} from '@sennit/interfaces'
import { IPv4Address } from '../src/addresses.ts'

/** A transport that records what is done to it, and does nothing by itself. */
export class FakeTransport implements IStreamTransport, IClosingTransport {
  readonly calls: string[] = []
  readonly chunks: Uint8Array[] = []
  disconnecting = false
  paused = false
  abortReason: Error | undefined
  producer: IPullProducer | IPushProducer | undefined
  /** Called inside each write. */
  onWrite: () => void = () => {}

  get text(): string {
    return Buffer.concat(this.chunks).toString()
  }

  get pushProducer(): IPushProducer {
    return this.producer as IPushProducer
  }

  write(data: Uint8Array): void {
    this.chunks.push(data)
    this.onWrite()
  }

  writeSequence(data: Iterable<Uint8Array>): void {
    this.calls.push('writeSequence')
    this.chunks.push(...data)
    this.onWrite()
  }

  loseConnection(): void {
    this.calls.push('loseConnection')
    this.disconnecting = true
  }

  loseWriteConnection(): void {
    this.calls.push('loseWriteConnection')
  }

  abortConnection(reason?: Error): void {
    this.calls.push('abortConnection')
    this.abortReason = reason
    this.disconnecting = true
  }

  registerProducer(producer: IPullProducer | IPushProducer, streaming: boolean): void {
    this.calls.push(`registerProducer ${streaming}`)
    this.producer = producer
  }

  unregisterProducer(): void {
    this.calls.push('unregisterProducer')
    this.producer = undefined
  }

  pauseProducing(): void {
    this.paused = true
  }

  resumeProducing(): void {
    this.paused = false
  }

  stopProducing(): void {
    this.calls.push('stopProducing')
    this.disconnecting = true
  }

  getPeer(): IAddress {
    return new IPv4Address('TCP', '127.0.0.1', 2)
  }

  getHost(): IAddress {
    return new IPv4Address('TCP', '127.0.0.1', 1)
  }
}
