/**
 * A connection in the hands of a test.
 *
 * @module
 */
import type {
  IAddress,
  IHalfCloseableProtocol,
  IHandshakeListener,
  IProtocol,
  StartTLSOptions,
} from '@sennit/interfaces'
import type { MemoryTransport } from '../streams/memory-transport.ts'
import { Received } from './received.ts'

/**
 * The test's side of a connection: it collects what comes, and closes when the program does.
 *
 * @example
 * ```ts
 * const client = await world.run(world.connect('tcp:127.0.0.1:8126'))
 * client.write('ping\n')
 * await world.run(client.received('pong\n'))
 * ```
 */
export class WorldPeer implements IProtocol, IHalfCloseableProtocol, IHandshakeListener {
  /** Settles when the connection is gone, with the reason. */
  readonly whenClosed: Promise<Error>
  readonly #received = new Received()
  readonly #onData: ((data: Uint8Array) => void) | undefined
  #transport!: MemoryTransport
  #reason: Error | undefined
  #hasEnded = false
  #resolveClosed!: (reason: Error) => void
  #waitingForTLS: { resolve: () => void; reject: (error: Error) => void } | undefined

  /** @internal */
  constructor(onData?: (data: Uint8Array) => void) {
    this.#onData = onData
    this.whenClosed = new Promise((resolve) => {
      this.#resolveClosed = resolve
    })
  }

  /** Whether the connection is gone. */
  get closed(): boolean {
    return this.#reason !== undefined
  }

  /** Why the connection is gone: a `ConnectionDone` after a clean end. */
  get reason(): Error | undefined {
    return this.#reason
  }

  /** Whether the program has ended its direction. */
  get ended(): boolean {
    return this.#hasEnded
  }

  /** The connection itself. */
  get transport(): MemoryTransport {
    return this.#transport
  }

  /** Where the program is. */
  get peer(): IAddress {
    return this.#transport.getPeer()
  }

  /** Where the test is. */
  get host(): IAddress {
    return this.#transport.getHost()
  }

  /** Sends; text goes as UTF-8. */
  write(data: string | Uint8Array): this {
    this.#transport.write(typeof data === 'string' ? Buffer.from(data) : data)
    return this
  }

  /** Sends, then ends this direction; what the program sends still comes, and its end closes the connection. */
  end(data?: string | Uint8Array): void {
    if (data !== undefined) this.write(data)
    this.#transport.loseWriteConnection()
  }

  /**
   * Makes the connection private; give it to `world.run`.
   *
   * @throws the reason of the loss, as a rejection, when the handshake fails
   */
  startTLS(options: StartTLSOptions): Promise<void> {
    const secured = new Promise<void>((resolve, reject) => {
      this.#waitingForTLS = { resolve, reject }
    })
    secured.catch(() => {})
    this.#transport.startTLS(options)
    return secured
  }

  /** Closes both directions after what was written. */
  close(): void {
    this.#transport.loseConnection()
  }

  /** Resets the connection: the program sees `ECONNRESET`. */
  abort(): void {
    this.#transport.abortConnection()
  }

  /** Reads nothing until `resume`: the program's window fills up. */
  pause(): void {
    this.#transport.pauseProducing()
  }

  /** Reads again. */
  resume(): void {
    this.#transport.resumeProducing()
  }

  /** What has come, as text. */
  text(): string {
    return this.#received.text()
  }

  /** What has come. */
  bytes(): Buffer {
    return this.#received.bytes()
  }

  /** Forgets what has come. */
  clear(): void {
    this.#received.clear()
  }

  /**
   * Settles when what has come contains a text or matches; give it to `world.run`.
   *
   * @throws the reason of the loss, as a rejection, when the connection goes before
   */
  received(wanted: string | RegExp): Promise<void> {
    return this.#received.wait(wanted)
  }

  /** @internal */
  makeConnection(transport: MemoryTransport): void {
    this.#transport = transport
  }

  /** @internal */
  handshakeCompleted(): void {
    this.#waitingForTLS?.resolve()
  }

  /** @internal */
  dataReceived(data: Uint8Array): void {
    this.#received.add(data)
    this.#onData?.(data)
  }

  /** @internal */
  readConnectionLost(): void {
    this.#hasEnded = true
    this.#transport.loseConnection()
  }

  /** @internal */
  writeConnectionLost(): void {}

  /** @internal */
  connectionLost(reason: Error): void {
    this.#reason = reason
    this.#waitingForTLS?.reject(reason)
    this.#received.end(reason)
    this.#resolveClosed(reason)
  }
}
