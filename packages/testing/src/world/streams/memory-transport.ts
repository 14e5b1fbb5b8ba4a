/**
 * One end of a simulated connection, as a protocol sees it.
 *
 * Nothing that a protocol calls tells it of a loss inside the call: that comes in a later turn.
 *
 * | state        | loseConnection | loseWriteConnection | abortConnection, throw | all is sent          | end arrives         | reset arrives |
 * |--------------|----------------|---------------------|------------------------|----------------------|---------------------|---------------|
 * | open         | closing        | half-closing        | aborting               | -                    | told or closing (1) | lost          |
 * | half-closing | closing        | -                   | aborting               | half-closed, told    | told or closing (1) | lost          |
 * | half-closed  | closing        | -                   | aborting               | -                    | told (1), lost      | lost          |
 * | closing      | -              | -                   | aborting               | end awaited (2)      | lost when all sent  | lost          |
 * | aborting     | -              | -                   | -                      | -                    | -                   | lost          |
 *
 * (1) A protocol that handles the two directions apart is told; for any other, the connection closes.
 * (2) For a second, while what still comes is dropped; then it is lost. An aborting connection is lost in the next turn.
 *
 * A handshake that fails closes the connection with its error, whatever the state.
 *
 * @module
 */
import type {
  IClosingTransport,
  ICountedTransport,
  IDelayedCall,
  IHalfCloseableProtocol,
  IHandshakeListener,
  IProtocol,
  IPullProducer,
  IPushProducer,
  ISSLTransport,
  IStreamTransport,
  ITLSTransport,
  Seconds,
} from '@sennit/interfaces'
import { ConnectionAborted, ConnectionDone } from '@sennit/protocol'
import { assertBytes, tellClosed, tellOpened, type ToldConnection } from '@sennit/protocol/internal'
import { hasRole } from '@sennit/runtime'
import { asError } from '@sennit/runtime/internal'
import type { Ends } from '../network/ends.ts'
import type { Machine } from '../network/machine.ts'
import type { Network } from '../network/network.ts'
import { isEnd, type Item } from './inbox.ts'
import { type Attachment, WireEnd } from './wire-end.ts'

/** How long the other side may take to close after this side has. */
const LINGER: Seconds = 1

/** One end. */
export class MemoryTransport
  extends WireEnd
  implements IStreamTransport, IClosingTransport, ICountedTransport, ITLSTransport, ISSLTransport
{
  /** The program's machine; `undefined` when it belongs to the test. */
  readonly machine: Machine | undefined
  #protocol: IProtocol | undefined
  /** Open while no closing has begun. */
  #state: 'open' | 'closing' | 'aborting' | 'lost' = 'open'
  #writing: 'open' | 'closing' | 'closed' = 'open'
  #endReceived = false
  #linger: IDelayedCall | undefined

  constructor(network: Network, ends: Ends, machine: Machine | undefined) {
    super(network, ends)
    this.machine = machine
  }

  /** Whether the connection is gone. */
  get lost(): boolean {
    return this.#state === 'lost'
  }

  override get disconnecting(): boolean {
    return this.#state !== 'open'
  }

  override get isCut(): boolean {
    return this.#state === 'aborting' || this.#state === 'lost'
  }

  protected override get isEnding(): boolean {
    return this.#state === 'open' && this.#writing !== 'open'
  }

  /** Says who is told of the loss, while there is no protocol. */
  watch(attachment: Attachment): void {
    this.attachment = attachment
    if (this.machine !== undefined) this.network.open.add(this)
  }

  /**
   * Gives the connection to a protocol; then what has come is delivered. Without one, it is only waited for its loss.
   *
   * @returns what `makeConnection` threw, which has ended the connection
   */
  attach(protocol: IProtocol | undefined, attachment: Attachment): Error | undefined {
    this.watch(attachment)
    if (protocol === undefined) return undefined
    this.#protocol = protocol
    const error = this.call('makeConnection', () => protocol.makeConnection(this))
    const { side } = attachment
    if (side !== undefined) tellOpened(() => this.#told(side))
    if (this.getTLSInfo() !== undefined) this.tellSecured()
    this.inbox.open()
    return error
  }

  write(data: Uint8Array): void {
    assertBytes(data)
    if (this.#isWritable() && data.length > 0) this.send(data)
  }

  writeSequence(data: Iterable<Uint8Array>): void {
    const chunks = Array.from(data)
    for (const chunk of chunks) assertBytes(chunk)
    for (const chunk of chunks) this.write(chunk)
  }

  loseConnection(): void {
    if (this.#state !== 'open') return
    this.#state = 'closing'
    for (const item of this.inbox.drop()) {
      if (isEnd(item)) this.#endReceived = true
      else this.makeRoom(item.length)
    }
    this.network.time.soon(this.#finishIfSent)
  }

  loseWriteConnection(): void {
    if (this.#state !== 'open' || this.#writing !== 'open') return
    this.#writing = 'closing'
    this.network.time.soon(this.#finishIfSent)
  }

  abortConnection(reason: Error = new ConnectionAborted()): void {
    if (this.isCut) return
    this.#state = 'aborting'
    this.forget()
    // Where the end was sent already, a reset is sent only when more comes.
    if (this.#writing !== 'closed') this.sendReset()
    this.network.time.soon(() => this.lose(reason))
  }

  /** Closes at once: in an orderly way when nothing waits to be sent, else as `abortConnection` does. */
  override closeNow(reason: Error): void {
    if (!this.isTalking) this.destroy(reason)
    else this.abortConnection(reason)
  }

  /** The same, also while a handshake goes on. */
  destroy(reason: Error): void {
    if (!this.isCut && this.outbox.isEmpty) this.#sendEnd()
    this.abortConnection(reason)
  }

  registerProducer(producer: IPullProducer | IPushProducer, streaming: boolean): void {
    if (this.isCut || this.#isAtEnd()) producer.stopProducing()
    else this.outbox.register(producer, streaming)
  }

  unregisterProducer(): void {
    this.outbox.unregister()
    if (this.#state === 'closing' || this.#writing === 'closing') this.network.time.soon(this.#finishIfSent)
  }

  stopProducing(): void {
    this.loseConnection()
  }

  override sever(): void {
    if (!this.lost) super.sever()
  }

  override allSent(): void {
    this.#finishIfSent()
  }

  override toString(): string {
    return `connection from ${this.getHost().toString()} to ${this.getPeer().toString()}`
  }

  /** Calls the protocol or a producer; what it throws ends the connection. */
  override call(hook: string, call: () => void): Error | undefined {
    try {
      call()
      return undefined
    } catch (error) {
      return this.#fail(hook, error)
    }
  }

  protected override receiveItem(item: Item): void {
    if (this.#state === 'open') this.inbox.add(item)
    else if (this.#state === 'lost') {
      if (!isEnd(item)) this.sendReset()
    } else if (this.#state === 'closing') this.#receiveLate(item)
  }

  override deliver(item: Item): void {
    if (isEnd(item)) {
      this.#ended(item)
      return
    }
    this.lastActivity = this.network.time.seconds()
    this.lastReceived = this.lastActivity
    this.bytesRead += item.length
    try {
      this.#protocol!.dataReceived(item)
    } catch (error) {
      this.#fail('dataReceived', error)
    }
    this.makeRoom(item.length)
  }

  protected override tellSecured(): void {
    const protocol = this.#protocol
    this.network.time.soon(this.#finishIfSent)
    if (this.#state !== 'open' || !hasRole<IHandshakeListener>(protocol, ['handshakeCompleted'])) return
    this.call('handshakeCompleted', () => protocol.handshakeCompleted())
  }

  protected override lose(reason: Error): void {
    if (this.#state === 'lost') return
    this.#state = 'lost'
    if (this.#linger?.active()) this.#linger.cancel()
    this.forget()
    this.network.open.delete(this)
    const producer = this.outbox.unregister()
    if (producer !== undefined) this.call('stopProducing', () => producer.stopProducing())
    this.call('connectionLost', () => this.#protocol?.connectionLost(reason))
    tellClosed(this.attachment?.connection ?? this, reason)
    this.attachment?.onLost(reason)
  }

  #told(side: 'server' | 'client'): ToldConnection {
    const isSecure = this.getTLSInfo() !== undefined
    const connection = this.attachment?.connection ?? this
    return { side, connection, isSecure, host: this.getHost(), peer: this.getPeer() }
  }

  #isWritable(): boolean {
    if (this.#state === 'open' && this.#writing === 'open') return true
    // A registered producer may still finish before a close.
    return (
      this.outbox.hasProducer &&
      this.#writing !== 'closed' &&
      (this.#state === 'open' || this.#state === 'closing')
    )
  }

  /** Nothing more can be written: the end is sent, or about to be, and no producer holds it up. */
  #isAtEnd(): boolean {
    return !this.isTalking && !this.outbox.hasProducer && !this.#isWritable()
  }

  readonly #finishIfSent = (): void => {
    if (!this.isSent || (this.outbox.hasProducer && !this.#endReceived)) return
    if (this.#state === 'closing') this.#finishClosing()
    else if (this.#state === 'open' && this.#writing === 'closing') this.#finishWriting()
  }

  #finishClosing(): void {
    this.#sendEnd()
    if (this.#endReceived) this.lose(new ConnectionDone())
    else this.#linger ??= this.network.time.after(LINGER, () => this.lose(new ConnectionDone()))
  }

  #finishWriting(): void {
    this.#sendEnd()
    const protocol = this.#protocol
    if (isHalfCloseable(protocol)) this.call('writeConnectionLost', () => protocol.writeConnectionLost())
    if (this.#endReceived && this.#state === 'open') this.lose(new ConnectionDone())
  }

  #sendEnd(): void {
    if (this.#writing === 'closed') return
    this.#writing = 'closed'
    this.sendEnd()
  }

  #receiveLate(item: Item): void {
    if (!isEnd(item)) {
      this.makeRoom(item.length)
      return
    }
    this.#endReceived = true
    this.#finishIfSent()
  }

  #ended(item: 'end' | Error): void {
    const protocol = this.#protocol
    this.#endReceived = true
    if (item !== 'end') {
      this.closeNow(item)
      return
    }
    if (!isHalfCloseable(protocol)) {
      this.#state = 'closing'
      this.#finishIfSent()
      return
    }
    this.call('readConnectionLost', () => protocol.readConnectionLost())
    if (this.#writing === 'closed' && this.#state === 'open') this.lose(new ConnectionDone())
  }

  #fail(hook: string, thrown: unknown): Error {
    const error = asError(thrown)
    this.log.error({ err: error }, `${hook} threw; its connection is closed`)
    this.abortConnection(error)
    return error
  }
}

function isHalfCloseable(protocol: IProtocol | undefined): protocol is IProtocol & IHalfCloseableProtocol {
  return hasRole<IHalfCloseableProtocol>(protocol, ['readConnectionLost', 'writeConnectionLost'])
}
