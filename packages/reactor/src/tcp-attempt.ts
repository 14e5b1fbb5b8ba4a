/**
 * One attempt to connect by TCP: to each address of a host, until one answers.
 *
 * | event                       | next                                                                 |
 * |-----------------------------|----------------------------------------------------------------------|
 * | names resolved              | the first address is tried                                           |
 * | 250 ms pass, or one fails   | the next address is tried; those on their way stay on their way      |
 * | one answers                 | done; the others are given up                                        |
 * | the last one fails          | done, with all errors                                                |
 * | given up                    | nothing is told any more; what is on its way is closed               |
 *
 * Node's own way gives an address up after those 250 ms, so that one that is far away can never be reached.
 *
 * Source: RFC 8305; Twisted, `twisted/internet/endpoints.py`, `HostnameEndpoint`.
 * Differs: attempts begin 250 ms apart, and a failure brings the next forward.
 *
 * @module
 */
import { connect, isIP, type NetConnectOpts, type Socket } from 'node:net'
import type { DuplexOptions } from 'node:stream'
import type { IDelayedCall, IReactorTime, Seconds } from '@sennit/interfaces'
import { type InternetAddress, internetAddress } from '@sennit/protocol'
import { HIGH_WATER_MARK } from './producer-slot.ts'

/** The time between two attempts that are on their way together. */
const STAGGER: Seconds = 0.25

/** Where to connect to, and how. */
export interface AttemptOptions {
  readonly host: string
  readonly port: number
  /** Of a name, only the addresses of this family. */
  readonly family: 4 | 6 | undefined
  readonly localAddress: string | undefined
  /** 0 for any. */
  readonly localPort: number
  /** In milliseconds; none without. */
  readonly keepAliveDelay: number | undefined
  readonly clock: IReactorTime
}

/** What is told, once, and never inside the constructor. */
export interface AttemptOutcome {
  connected(socket: Socket, address: InternetAddress): void
  failed(error: Error): void
}

/** Begins at once. */
export class TCPAttempt {
  readonly #options: AttemptOptions
  readonly #outcome: AttemptOutcome
  readonly #pending = new Set<Socket>()
  readonly #errors: Error[] = []
  #addresses: string[] = []
  #timer: IDelayedCall | undefined
  #over = false

  constructor(options: AttemptOptions, outcome: AttemptOutcome) {
    this.#options = options
    this.#outcome = outcome
    const { host, family, localAddress } = options
    if (isIP(host)) {
      this.#begin([host])
      return
    }
    const { lookup } = process.getBuiltinModule('node:dns')
    const wanted = family ?? (localAddress === undefined ? 0 : isIP(localAddress))
    lookup(host, { all: true, family: wanted }, (error, found) => {
      if (this.#over) return
      if (error) return this.#fail(error)
      this.#begin(interleaved(found.map(({ address }) => address)))
    })
  }

  /** Gives the attempt up. */
  cancel(): void {
    this.#over = true
    if (this.#timer?.active()) this.#timer.cancel()
    for (const socket of this.#pending) socket.destroy()
    this.#pending.clear()
  }

  #begin(addresses: string[]): void {
    this.#addresses = addresses
    this.#next()
  }

  readonly #next = (): void => {
    const host = this.#addresses.shift()
    if (host === undefined) {
      if (this.#pending.size === 0) this.#fail(onlyError(this.#errors))
      return
    }
    const { port, localAddress, localPort, keepAliveDelay, clock } = this.#options
    const socketOptions: NetConnectOpts & DuplexOptions = {
      host,
      port,
      noDelay: true,
      keepAlive: keepAliveDelay !== undefined,
      allowHalfOpen: true,
      autoSelectFamily: false,
      highWaterMark: HIGH_WATER_MARK,
      ...(keepAliveDelay === undefined ? {} : { keepAliveInitialDelay: keepAliveDelay }),
      ...(localAddress === undefined ? {} : { localAddress }),
      ...(localPort === 0 ? {} : { localPort }),
    }
    const socket = connect(socketOptions)
    this.#pending.add(socket)
    const failed = (error: Error) => {
      if (!this.#pending.delete(socket)) return
      this.#errors.push(error)
      if (this.#timer?.active()) this.#timer.cancel()
      this.#next()
    }
    socket.on('error', failed)
    socket.once('connect', () => {
      if (!this.#pending.delete(socket)) return
      this.cancel()
      socket.off('error', failed)
      this.#outcome.connected(socket, internetAddress('TCP', host, port))
    })
    // A fixed local port serves one attempt at a time.
    if (this.#addresses.length > 0 && localPort === 0) this.#timer = clock.callLater(STAGGER, this.#next)
  }

  #fail(error: Error): void {
    this.#over = true
    this.#outcome.failed(error)
  }
}

/** The families in turn, beginning with that of the first address, each in the order given. */
export function interleaved(addresses: readonly string[]): string[] {
  const first = isIP(addresses[0] ?? '')
  const own = addresses.filter((address) => isIP(address) === first)
  const other = addresses.filter((address) => isIP(address) !== first)
  const mixed: string[] = []
  for (let i = 0; i < Math.max(own.length, other.length); i++) {
    mixed.push(...own.slice(i, i + 1), ...other.slice(i, i + 1))
  }
  return mixed
}

function onlyError(errors: readonly Error[]): Error {
  if (errors.length === 1) return errors[0]!
  return new AggregateError(errors, 'No address of the host could be connected to')
}
