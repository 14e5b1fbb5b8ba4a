/**
 * One end of a simulated TCP connection.
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
 * @module
 */
import type {
  Duration,
  IDelayedCall,
  IHalfCloseableProtocol,
  ILog,
  IProtocol,
  IPullProducer,
  IPushProducer,
  IStreamTransport,
  ITCPOptions,
  Seconds,
} from '@sennit/interfaces'
import {
  ConnectionAborted,
  ConnectionDone,
  type InternetAddress,
  connectionLostFrom,
  internetAddress,
} from '@sennit/protocol'
import { assertBytes } from '@sennit/protocol/internal'
import { hasRole } from '@sennit/runtime'
import { asError } from '@sennit/runtime/internal'
import type { Network } from './network.ts'
import { Outbox, type OutboxOwner } from './outbox.ts'
import type { Data, Segment } from './segment.ts'
import { systemError } from './system-error.ts'
import type { Wire } from './wire.ts'

/** How long the other side may take to close after this side has. */
const LINGER: Seconds = 1

/** Where the two ends of a connection are. */
export interface Ends {
  readonly host: string
  readonly port: number
  readonly peerHost: string
  readonly peerPort: number
}

/** What becomes of one end, and of what its protocol throws. */
export interface Attachment {
  /** Told of the loss, after the protocol. */
  readonly onLost: (reason: Error) => void
  readonly log: ILog
}

/** One end. */
export class MemoryTransport implements IStreamTransport, ITCPOptions, OutboxOwner {
  /** When bytes came or went last. */
  lastActivity: Seconds
  readonly #network: Network
  readonly #ends: Ends
  readonly #isOurs: boolean
  #wire!: Wire<Segment>
  #other!: MemoryTransport
  #protocol: IProtocol | undefined
  #attachment: Attachment | undefined
  /** Open while no closing has begun. */
  #state: 'open' | 'closing' | 'aborting' | 'lost' = 'open'

  readonly #outbox: Outbox
  #writing: 'open' | 'closing' | 'closed' = 'open'

  #unread: (Buffer | 'end')[] = []
  #readPaused = false
  #endReceived = false
  #linger: IDelayedCall | undefined

  /** @param isOurs - whether it belongs to the program, not to the test */
  constructor(network: Network, ends: Ends, isOurs: boolean) {
    this.#network = network
    this.#ends = ends
    this.#isOurs = isOurs
    this.#outbox = new Outbox(network.time, this)
    this.lastActivity = network.time.seconds()
  }

  /** Joins it to the other end, over the wire to there. */
  join(other: MemoryTransport, wire: Wire<Segment>): void {
    this.#other = other
    this.#wire = wire
  }

  /** Whether the connection is gone. */
  get lost(): boolean {
    return this.#state === 'lost'
  }

  /** Gives the connection to a protocol; then what has come is delivered. Without one, it is only waited for its loss. */
  attach(protocol: IProtocol | undefined, attachment: Attachment): void {
    this.#protocol = protocol
    this.#attachment = attachment
    if (this.#isOurs) this.#network.open.add(this)
    try {
      protocol?.makeConnection(this)
    } catch (error) {
      this.#fail('makeConnection', error)
    }
    if (this.#unread.length > 0) this.#network.time.soon(this.#deliverUnread)
  }

  write(data: Uint8Array): void {
    assertBytes(data)
    if (!this.#isWritable() || data.length === 0) return
    this.lastActivity = this.#network.time.seconds()
    this.#outbox.write(data)
  }

  writeSequence(data: Iterable<Uint8Array>): void {
    for (const chunk of data) this.write(chunk)
  }

  loseConnection(): void {
    if (this.#state !== 'open') return
    this.#state = 'closing'
    for (const item of this.#unread.splice(0)) {
      if (item === 'end') this.#endReceived = true
      else this.#makeRoom(item.length)
    }
    this.#network.time.soon(this.#finishIfSent)
  }

  loseWriteConnection(): void {
    if (this.#state !== 'open' || this.#writing !== 'open') return
    this.#writing = 'closing'
    this.#network.time.soon(this.#finishIfSent)
  }

  abortConnection(reason: Error = new ConnectionAborted()): void {
    if (this.#state === 'lost' || this.#state === 'aborting') return
    this.#state = 'aborting'
    this.#forget()
    // Where the end was sent already, a reset is sent only when more comes.
    if (this.#writing !== 'closed') this.#wire.send('reset')
    this.#network.time.soon(() => this.#lose(reason))
  }

  /** Closes at once: in an orderly way when nothing waits to be sent, else as `abortConnection` does. */
  closeNow(reason: Error): void {
    if (this.#state === 'open' && this.#outbox.isEmpty) this.#sendEnd()
    this.abortConnection(reason)
  }

  getPeer(): InternetAddress {
    return internetAddress('TCP', this.#ends.peerHost, this.#ends.peerPort)
  }

  getHost(): InternetAddress {
    return internetAddress('TCP', this.#ends.host, this.#ends.port)
  }

  registerProducer(producer: IPullProducer | IPushProducer, streaming: boolean): void {
    if (this.#state === 'lost' || this.#state === 'aborting') producer.stopProducing()
    else this.#outbox.register(producer, streaming)
  }

  unregisterProducer(): void {
    this.#outbox.unregister()
    if (this.#state === 'closing' || this.#writing === 'closing') this.#network.time.soon(this.#finishIfSent)
  }

  pauseProducing(): void {
    this.#readPaused = true
  }

  resumeProducing(): void {
    if (!this.#readPaused) return
    this.#readPaused = false
    if (this.#unread.length > 0) this.#network.time.soon(this.#deliverUnread)
  }

  stopProducing(): void {
    this.loseConnection()
  }

  /** Has no effect here: small writes of one instant travel together. */
  setTcpNoDelay(_enabled: boolean): void {}

  /** Has no effect here: no peer dies in silence. */
  setTcpKeepAlive(_budget: Duration | false): void {}

  /** Something has come over the wire. */
  receive(segment: Segment): void {
    if (typeof segment === 'object') this.#receiveData(segment)
    else if (segment === 'end') this.#receiveItem('end')
    else if (segment === 'reset') this.#lose(resetError())
    else if (segment === 'room') this.#outbox.roomHasCome()
  }

  /** Lets both ends get a reset, as from something on the way between them. */
  sever(): void {
    if (this.lost) return
    this.#wire.send('reset')
    this.#other.#wire.send('reset')
  }

  /** The outbox puts bytes on the wire. */
  transmit(data: Data): void {
    this.lastActivity = this.#network.time.seconds()
    this.#wire.send(data)
  }

  /** The outbox is empty. */
  allSent(): void {
    this.#finishIfSent()
  }

  toString(): string {
    return `connection from ${this.getHost().toString()} to ${this.getPeer().toString()}`
  }

  #isWritable(): boolean {
    if (this.#state === 'open' && this.#writing === 'open') return true
    // A registered producer may still finish before a close.
    return (
      this.#outbox.hasProducer &&
      this.#writing !== 'closed' &&
      (this.#state === 'open' || this.#state === 'closing')
    )
  }

  readonly #finishIfSent = (): void => {
    if (!this.#outbox.isEmpty || (this.#outbox.hasProducer && !this.#endReceived)) return
    if (this.#state === 'closing') this.#finishClosing()
    else if (this.#state === 'open' && this.#writing === 'closing') this.#finishWriting()
  }

  #finishClosing(): void {
    this.#sendEnd()
    if (this.#endReceived) this.#lose(new ConnectionDone())
    else this.#linger ??= this.#network.time.after(LINGER, () => this.#lose(new ConnectionDone()))
  }

  #finishWriting(): void {
    this.#sendEnd()
    const protocol = this.#protocol
    if (isHalfCloseable(protocol)) this.call('writeConnectionLost', () => protocol.writeConnectionLost())
    if (this.#endReceived && this.#state === 'open') this.#lose(new ConnectionDone())
  }

  #sendEnd(): void {
    if (this.#writing === 'closed') return
    this.#writing = 'closed'
    this.#wire.send('end')
  }

  #receiveData(data: Data): void {
    const chunk = data.take()
    if (this.lost) this.#wire.send('reset')
    else if (this.#state === 'closing') this.#makeRoom(chunk.length)
    else this.#receiveItem(chunk)
  }

  #receiveItem(item: Buffer | 'end'): void {
    if (this.#state === 'closing' && item === 'end') {
      this.#endReceived = true
      this.#finishIfSent()
    }
    if (this.#state !== 'open') return
    if (this.#readPaused || this.#protocol === undefined || this.#unread.length > 0) this.#unread.push(item)
    else this.#deliver(item)
  }

  readonly #deliverUnread = (): void => {
    while (this.#unread.length > 0 && !this.#readPaused) this.#deliver(this.#unread.shift()!)
  }

  #deliver(item: Buffer | 'end'): void {
    if (item === 'end') {
      this.#ended()
      return
    }
    this.lastActivity = this.#network.time.seconds()
    try {
      this.#protocol!.dataReceived(item)
    } catch (error) {
      this.#fail('dataReceived', error)
    }
    this.#makeRoom(item.length)
  }

  /** Bytes were read: the other end may send as many more. */
  #makeRoom(size: number): void {
    const other = this.#other
    if (other.#outbox.read(size)) this.#wire.send('room')
  }

  #ended(): void {
    const protocol = this.#protocol
    this.#endReceived = true
    if (!isHalfCloseable(protocol)) {
      this.#state = 'closing'
      this.#finishIfSent()
      return
    }
    this.call('readConnectionLost', () => protocol.readConnectionLost())
    if (this.#writing === 'closed' && this.#state === 'open') this.#lose(new ConnectionDone())
  }

  /** Calls the protocol or a producer; what it throws ends the connection. */
  call(hook: string, call: () => void): void {
    try {
      call()
    } catch (error) {
      this.#fail(hook, error)
    }
  }

  #fail(hook: string, thrown: unknown): void {
    const error = asError(thrown)
    this.#attachment?.log.error({ err: error }, `${hook} threw; its connection is closed`)
    this.abortConnection(error)
  }

  #lose(reason: Error): void {
    if (this.#state === 'lost') return
    this.#state = 'lost'
    if (this.#linger?.active()) this.#linger.cancel()
    this.#forget()
    this.#network.open.delete(this)
    const producer = this.#outbox.unregister()
    if (producer !== undefined) this.call('stopProducing', () => producer.stopProducing())
    this.call('connectionLost', () => this.#protocol?.connectionLost(reason))
    this.#attachment?.onLost(reason)
  }

  #forget(): void {
    this.#outbox.clear()
    this.#unread = []
  }
}

function isHalfCloseable(protocol: IProtocol | undefined): protocol is IProtocol & IHalfCloseableProtocol {
  return hasRole<IHalfCloseableProtocol>(protocol, ['readConnectionLost', 'writeConnectionLost'])
}

function resetError(): Error {
  return connectionLostFrom(systemError('ECONNRESET', 'read'))
}
