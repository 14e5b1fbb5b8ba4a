/**
 * A port on which datagrams arrive.
 *
 * | state    | datagram comes     | serve() | stopListening() |
 * |----------|--------------------|---------|-----------------|
 * | held     | dropped, counted   | serving | stopping        |
 * | serving  | received           | -       | stopping        |
 * | stopping | -                  | -       | joins           |
 * | stopped  | -                  | -       | -               |
 *
 * Source: Twisted, `twisted/internet/udp.py`, `Port`; `twisted/internet/unix.py`, `DatagramPort`.
 * Differs: can be held; what the system says about a datagram afterwards is counted, and the first of a row logged.
 *
 * @module
 */
import type {
  Description,
  IAddress,
  IDatagramProtocol,
  IInspectable,
  IListeningPort,
  ListenOptions,
  Seconds,
} from '@sennit/interfaces'
import { wallClock } from '@sennit/runtime'
import { asError } from '@sennit/runtime/internal'
import { guarded } from './guarded.ts'
import type { PortSurroundings } from './port-surroundings.ts'

/** The longest datagram that is taken, unless told otherwise, in bytes. */
export const MAX_PACKET_SIZE = 8192

/** What all kinds of protocol for datagrams have. */
export type DatagramHooks<T, A> = Pick<
  IDatagramProtocol<T, A>,
  'makeConnection' | 'datagramReceived' | 'doStop'
>

/** What a port is made of. */
export interface DatagramPortOptions<T, A> {
  /** For `describe()`, such as `'UDPPort'`. */
  readonly kind: string
  readonly protocol: DatagramHooks<T, A>
  readonly maxPacketSize: number
  readonly surroundings: PortSurroundings
}

/** What all kinds of port for datagrams share; `T` is the port as its protocol sees it, `A` the address of who sends. */
export abstract class DatagramPort<T, A> implements IListeningPort, IInspectable {
  protected readonly protocol: DatagramHooks<T, A>
  /** The code of the failure that was logged last, until something could be sent. */
  protected failing: string | undefined
  protected sent = 0
  protected readonly surroundings: PortSurroundings
  readonly #kind: string
  readonly #maxPacketSize: number
  #state: 'held' | 'serving' | 'stopping' | 'stopped' = 'held'
  #since: Seconds = wallClock.now()
  #error: Error | undefined
  #received = 0
  #dropped = 0
  #failures = 0
  #stopped: Promise<void> | undefined

  constructor({ kind, protocol, maxPacketSize, surroundings }: DatagramPortOptions<T, A>) {
    this.#kind = kind
    this.protocol = protocol
    this.#maxPacketSize = maxPacketSize
    this.surroundings = surroundings
  }

  abstract getHost(): IAddress

  /** Gives the protocol the port. */
  protected abstract makeConnection(): void

  /** Closes the socket. */
  abstract close(): void | Promise<void>

  /** Begins to serve when the port was held: the protocol is given the port. */
  serve(): void {
    if (this.#state !== 'held') return
    this.#enter('serving')
    this.makeConnection()
  }

  /** @returns a promise that never rejects; nothing when the port is closed */
  stopListening(): void | Promise<void> {
    if (this.#state === 'stopped') return
    this.#stopped ??= this.#stop()
    return this.#stopped
  }

  /** The reactor shuts down: there are no connections that could be told why. */
  shutDown(): void | Promise<void> {
    return this.stopListening()
  }

  describe(): Description {
    return {
      kind: this.#kind,
      name: undefined,
      state: this.#state,
      since: this.#since,
      error: this.#error?.message,
      facts: {
        address: this.getHost().toString(),
        received: this.#received,
        dropped: this.#dropped,
        sent: this.sent,
        failures: this.#failures,
      },
      children: [],
    }
  }

  protected get isHeld(): boolean {
    return this.#state === 'held'
  }

  protected get isServing(): boolean {
    return this.#state === 'serving'
  }

  /** Whether a datagram of so many bytes is for the protocol; one that is not is counted as dropped. */
  protected takes(byteLength: number): boolean {
    if (this.#state === 'serving' && byteLength <= this.#maxPacketSize) return true
    this.drop()
    return false
  }

  protected drop(): void {
    this.#dropped++
  }

  /** Hands out a datagram that was taken. */
  protected receive(datagram: Uint8Array, from: A): void {
    this.#received++
    try {
      this.protocol.datagramReceived(datagram, from)
    } catch (error) {
      this.surroundings.log.error({ err: asError(error) }, 'datagramReceived threw')
    }
  }

  /** The system could not send, or says something about what was sent. Of the same failure again and again, one is logged. */
  protected fail(error: Error & { code?: string | undefined }): void {
    if (this.#state !== 'serving') return
    this.count(error)
    if (this.failing === error.code) return
    this.failing = error.code
    const fields = { err: error, address: this.getHost().toString() }
    this.surroundings.log.warn(fields, 'A datagram could not be sent')
  }

  protected count(error: Error): void {
    this.#failures++
    this.#error = error
  }

  /** Calls the protocol; what it throws is logged. */
  protected tell(hook: string, call: () => void): void {
    guarded(this.surroundings.log, `${hook} threw`, call)
  }

  #enter(state: 'serving' | 'stopping' | 'stopped'): void {
    this.#state = state
    this.#since = wallClock.now()
  }

  async #stop(): Promise<void> {
    const wasServing = this.#state === 'serving'
    this.#enter('stopping')
    await this.close()
    if (wasServing) this.tell('doStop', () => this.protocol.doStop())
    this.#enter('stopped')
    this.surroundings.closed(this)
  }
}

/** Serves, unless it is held. What the protocol throws closes the port. */
export function begun<P extends DatagramPort<never, never>>(
  port: P,
  { held = false }: Pick<ListenOptions, 'held'>,
): P {
  try {
    if (!held) port.serve()
  } catch (error) {
    void port.close()
    throw error
  }
  return port
}
