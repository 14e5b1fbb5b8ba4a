/**
 * Two ways to a service manager: a datagram over its socket, where node-unix-socket is installed, else the program `systemd-notify`.
 *
 * @module
 */
import type {
  IConnectedDatagramProtocol,
  IDatagramConnector,
  IReactorUNIXDatagram,
  IUNIXDatagramConnectedTransport,
} from '@sennit/interfaces'
import { notifyProgram } from './notify-program.ts'

/** Carries messages to a service manager, in order. */
export interface NotifyTransport {
  send(message: string): void
  /** Settles when all that was sent has left. */
  close(): Promise<void>
}

/** Makes a transport to a socket; `onError` is told at most once, and nothing is sent after that. */
export type MakeNotifyTransport = (socket: string, onError: (error: Error) => void) => NotifyTransport

/**
 * Sends by a datagram socket of the reactor, or by `systemd-notify` where that cannot be had: without node-unix-socket, and to an abstract
 * socket, whose name it does not keep as it is.
 */
export function notifyTransport(
  reactor: IReactorUNIXDatagram | undefined,
  run: MakeNotifyTransport = notifyProgram(),
): MakeNotifyTransport {
  return (socket, onError) => {
    if (reactor === undefined || socket.startsWith('@')) return run(socket, onError)
    return new DatagramTransport(reactor, socket, onError, run)
  }
}

/** Sends datagrams; goes over to the program when the reactor cannot send them. */
class DatagramTransport implements NotifyTransport, IConnectedDatagramProtocol {
  readonly #connector: IDatagramConnector
  readonly #socket: string
  readonly #onError: (error: Error) => void
  readonly #run: MakeNotifyTransport
  readonly #waiting: string[] = []
  readonly #opened: Promise<void>
  #open!: () => void
  #transport: IUNIXDatagramConnectedTransport | undefined
  #instead: NotifyTransport | undefined
  #failed = false

  constructor(
    reactor: IReactorUNIXDatagram,
    socket: string,
    onError: (error: Error) => void,
    run: MakeNotifyTransport,
  ) {
    this.#socket = socket
    this.#onError = onError
    this.#run = run
    this.#opened = new Promise((resolve) => (this.#open = resolve))
    this.#connector = reactor.connectUNIXDatagram(socket, this)
  }

  send(message: string): void {
    if (this.#instead !== undefined) this.#instead.send(message)
    else if (this.#transport !== undefined) this.#transport.write(Buffer.from(message))
    else if (!this.#failed) this.#waiting.push(message)
  }

  async close(): Promise<void> {
    await this.#opened
    if (this.#instead !== undefined) await this.#instead.close()
    else await this.#connector.disconnect()
  }

  makeConnection(transport: IUNIXDatagramConnectedTransport): void {
    this.#transport = transport
    for (const message of this.#waiting.splice(0)) transport.write(Buffer.from(message))
    this.#open()
  }

  connectionFailed(error: Error & { readonly code?: string }): void {
    this.#transport = undefined
    if (error.code === 'ERR_SENNIT_MISSING_PEER') {
      this.#instead = this.#run(this.#socket, this.#onError)
      for (const message of this.#waiting.splice(0)) this.#instead.send(message)
    } else if (!this.#failed) {
      this.#failed = true
      this.#onError(error)
    }
    this.#open()
  }

  datagramReceived(): void {}
  doStart(): void {}
  doStop(): void {}
}
