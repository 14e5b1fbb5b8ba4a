/**
 * One attempt to connect by TCP: to each address of a host, until one answers.
 *
 * Node's own way gives an address up after 250 ms, so that one that is far away can never be reached.
 *
 * Source: Twisted, `twisted/internet/endpoints.py`, `HostnameEndpoint`; `twisted/internet/tcp.py`, `Client`.
 *
 * @module
 */
import { isIP, type Socket } from 'node:net'
import type { IHostnameResolver, IHostPort, Seconds } from '@sennit/interfaces'
import { type DialOutcome, HappyEyeballs } from '@sennit/protocol/internal'
import { AddressAttempt, type AddressAttemptOptions } from './address-attempt.ts'
import type { Attempt, AttemptOutcome } from './stream-connector.ts'
import { dialTCP } from './tcp-socket.ts'

/** Where to connect to, and how. */
export interface TCPAttemptOptions extends AddressAttemptOptions {
  readonly host: string
  /** The host and the port, unless the host is a name. */
  readonly address: IHostPort | undefined
  /** Of a name, only the addresses of this family. */
  readonly family: 4 | 6 | undefined
  /** The time between two attempts that are on their way together. */
  readonly attemptDelay: Seconds
  /** Asked for when the attempt begins. */
  readonly names: { readonly nameResolver: IHostnameResolver }
}

/** Begins to connect to a name or an address. */
export function beginTCP(options: TCPAttemptOptions, outcome: AttemptOutcome): Attempt {
  const { address } = options
  return address === undefined
    ? new NameAttempt(options, outcome)
    : new AddressAttempt(address, options, outcome)
}

/** To each address of a name, until one answers. */
class NameAttempt implements Attempt {
  readonly #options: TCPAttemptOptions
  readonly #addresses: HappyEyeballs<Socket>

  constructor(options: TCPAttemptOptions, outcome: AttemptOutcome) {
    this.#options = options
    const { host, port, family, localAddress, localPort, names, clock } = options
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
    const wanted = family ?? (localAddress === undefined ? undefined : (isIP(localAddress) as 4 | 6))
    this.#addresses.begin(names.nameResolver, { port, family: wanted })
  }

  cancel(): void {
    this.#addresses.cancel()
  }

  #dial(address: IHostPort, { connected, failed }: DialOutcome<Socket>): () => void {
    const socket = dialTCP(address, this.#options, connected, failed)
    return () => socket.destroy()
  }
}
