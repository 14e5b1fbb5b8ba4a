/**
 * One attempt to connect by TCP: to each address of a host, until one answers.
 *
 * Node's own way gives an address up after 250 ms, so that one that is far away can never be reached.
 *
 * Source: Twisted, `twisted/internet/endpoints.py`, `HostnameEndpoint`; `twisted/internet/tcp.py`, `Client`.
 *
 * @module
 */
import { connect, isIP, type NetConnectOpts, type Socket } from 'node:net'
import type { DuplexOptions } from 'node:stream'
import type { IHostnameResolver, IHostPort, IReactorTime, Seconds } from '@sennit/interfaces'
import { type DialOutcome, HappyEyeballs } from '@sennit/protocol/internal'
import { HIGH_WATER_MARK } from './producer-slot.ts'
import type { Attempt, AttemptOutcome } from './stream-connector.ts'

/** Where to connect to, and how. */
export interface TCPAttemptOptions {
  readonly host: string
  readonly port: number
  /** The host and the port, unless the host is a name. */
  readonly address: IHostPort | undefined
  /** Of a name, only the addresses of this family. */
  readonly family: 4 | 6 | undefined
  /** The time between two attempts that are on their way together. */
  readonly attemptDelay: Seconds
  readonly localAddress: string | undefined
  /** 0 for any. */
  readonly localPort: number
  /** In milliseconds; none without. */
  readonly keepAliveDelay: number | undefined
  readonly clock: IReactorTime
  /** Asked for when the attempt begins. */
  readonly names: { readonly nameResolver: IHostnameResolver }
}

/** Begins at once. */
export class TCPAttempt implements Attempt {
  readonly #options: TCPAttemptOptions
  readonly #addresses: HappyEyeballs<Socket>

  constructor(options: TCPAttemptOptions, outcome: AttemptOutcome) {
    this.#options = options
    const { host, port, address, family, localAddress, localPort, names, clock } = options
    this.#addresses = new HappyEyeballs<Socket>(
      {
        name: host,
        clock,
        // A fixed local port serves one attempt at a time.
        attemptDelay: localPort === 0 ? options.attemptDelay : Infinity,
        dial: (address, dialled) => this.#dial(address, dialled),
      },
      outcome,
    )
    if (address === undefined) {
      const wanted = family ?? (localAddress === undefined ? undefined : (isIP(localAddress) as 4 | 6))
      this.#addresses.begin(names.nameResolver, { port, family: wanted })
    } else {
      this.#addresses.beginWith(address)
    }
  }

  cancel(): void {
    this.#addresses.cancel()
  }

  #dial(address: IHostPort, { connected, failed }: DialOutcome<Socket>): () => void {
    const { port, localAddress, localPort, keepAliveDelay } = this.#options
    const socketOptions: NetConnectOpts & DuplexOptions = {
      host: literalOf(address),
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
    socket.on('error', failed)
    socket.once('connect', () => {
      socket.off('error', failed)
      connected(socket)
    })
    return () => socket.destroy()
  }
}

/** The literal of an address, with its scope. */
export function literalOf({ host, scopeId = 0 }: IHostPort & { readonly scopeId?: string | number }): string {
  return scopeId === 0 ? host : `${host}%${scopeId}`
}
