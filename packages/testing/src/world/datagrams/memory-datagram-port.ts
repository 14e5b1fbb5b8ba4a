/**
 * What all simulated ports for datagrams share; `T` is the port as its protocol sees it, `A` the address of who sends.
 *
 * | state    | datagram comes      | serve()       | stopListening() |
 * |----------|---------------------|---------------|-----------------|
 * | held     | dropped, counted    | serving, told | stopping        |
 * | serving  | told, or dropped    | -             | stopping        |
 * | stopping | dropped             | -             | joins           |
 * | stopped  | -                   | -             | -               |
 *
 * @module
 */
import type {
  Description,
  IAddress,
  IDatagramProtocol,
  IInspectable,
  IListeningPort,
  Seconds,
} from '@sennit/interfaces'
import type { Machine } from '../network/machine.ts'
import type { PortSurroundings } from '../streams/memory-stream-port.ts'

/** The longest datagram that is taken, unless told otherwise, in bytes. */
const MAX_PACKET_SIZE = 8192

/** What all kinds of protocol for datagrams have. */
type Hooks<T, A> = Pick<IDatagramProtocol<T, A>, 'makeConnection' | 'datagramReceived' | 'doStop'>

/** What a port is made of. */
export interface DatagramPortOptions<T, A> {
  /** For `describe()`, such as `'UDPPort'`. */
  readonly kind: string
  readonly protocol: Hooks<T, A>
  readonly maxPacketSize: number | undefined
  readonly surroundings: PortSurroundings
}

/** A port on which datagrams arrive. */
export abstract class MemoryDatagramPort<T, A> implements IListeningPort, IInspectable {
  protected readonly surroundings: PortSurroundings
  protected sent = 0
  readonly #kind: string
  readonly #protocol: Hooks<T, A>
  readonly #maxPacketSize: number
  #state: 'held' | 'serving' | 'stopping' | 'stopped' = 'held'
  #since: Seconds
  #error: Error | undefined
  #received = 0
  #dropped = 0
  #failures = 0
  /** The code of the failure that was logged last, until something could be sent. */
  #failing: string | undefined
  #stopped: Promise<void> | undefined

  constructor({ kind, protocol, maxPacketSize = MAX_PACKET_SIZE, surroundings }: DatagramPortOptions<T, A>) {
    this.#kind = kind
    this.#protocol = protocol
    this.#maxPacketSize = maxPacketSize
    this.surroundings = surroundings
    this.#since = surroundings.network.now()
    surroundings.network.open.add(this)
  }

  abstract getHost(): IAddress
  /** Takes the address out of use. */
  protected abstract release(): void
  /** The port, as the protocol is given it. */
  protected abstract transport(): T

  /** The machine that it is on. */
  get machine(): Machine {
    return this.surroundings.machine
  }

  protected get isHeld(): boolean {
    return this.#state === 'held'
  }

  protected get isServing(): boolean {
    return this.#state === 'serving'
  }

  serve(): void {
    if (this.#state !== 'held') return
    this.#enter('serving')
    this.#protocol.makeConnection(this.transport())
  }

  /** Serves, unless it is held. What the protocol throws closes the port. */
  begin({ held = false }: { readonly held?: boolean | undefined }): this {
    try {
      if (!held) this.serve()
    } catch (error) {
      this.#enter('stopped')
      this.release()
      this.surroundings.network.open.delete(this)
      throw error
    }
    return this
  }

  stopListening(): Promise<void> | undefined {
    if (this.#state === 'stopped') return undefined
    if (this.#stopped !== undefined) return this.#stopped.then(() => {})
    const { network } = this.surroundings
    const hadServed = this.isServing
    this.#enter('stopping')
    this.release()
    this.#stopped = new Promise((resolve) => {
      network.time.soon(() => {
        this.#enter('stopped')
        network.open.delete(this)
        if (hadServed) this.tell('doStop', () => this.#protocol.doStop())
        resolve()
      })
    })
    return this.#stopped
  }

  /** The reactor shuts down. */
  shutDown(_reason: Error): Promise<void> | undefined {
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

  toString(): string {
    return `port ${this.getHost().toString()}`
  }

  /** A datagram has come. @param from - makes the address of who sent it */
  protected take(datagram: Buffer, from: () => A): void {
    if (!this.isServing || datagram.length > this.#maxPacketSize) {
      this.drop()
      return
    }
    this.#received++
    this.tell('datagramReceived', () => this.#protocol.datagramReceived(datagram, from()))
  }

  protected drop(): void {
    this.#dropped++
  }

  /** What was sent has arrived. */
  protected arrived(): void {
    this.#failing = undefined
  }

  /** What was sent could not arrive. Of the same failure again and again, one is logged. */
  protected fail(error: Error & { readonly code?: string | undefined }): void {
    if (!this.isServing) return
    this.count(error)
    if (this.#failing === error.code) return
    this.#failing = error.code
    const fields = { err: error, address: this.getHost().toString() }
    this.surroundings.log.warn(fields, 'A datagram could not be sent')
  }

  protected count(error: Error): void {
    this.#failures++
    this.#error = error
  }

  /** Calls the protocol; what it throws is logged. */
  protected tell(hook: string, call: () => void): void {
    try {
      call()
    } catch (error) {
      this.surroundings.log.error({ err: error }, `${hook} threw`)
    }
  }

  #enter(state: 'serving' | 'stopping' | 'stopped'): void {
    this.#state = state
    this.#since = this.surroundings.network.now()
  }
}
