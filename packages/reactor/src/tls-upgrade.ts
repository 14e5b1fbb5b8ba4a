/**
 * A running connection that is being made private.
 *
 * What the protocol writes meanwhile is kept, so that none of it is sent before the other side has proved who it is.
 *
 * @module
 */
import type { Socket } from 'node:net'
import type { IReactorTime, StartTLSOptions, TLSClientOptions, TLSServerOptions } from '@sennit/interfaces'
import { toSeconds } from '@sennit/runtime'
import { TLSAcceptor } from './tls-acceptor.ts'
import type { Handshake, HandshakeLimit, HandshakeOutcome, TLSSide } from './tls-handshake.ts'
import { TLSInitiator } from './tls-initiator.ts'

const ACTION = 'make the connection private'

/** What a connection is made private with, checked. */
export interface UpgradePlan {
  readonly side: TLSSide
  readonly limit: HandshakeLimit
  readonly received: Uint8Array | undefined
}

/**
 * Checks the options of `startTLS`.
 *
 * @param host - whose certificate is expected, when the options do not say
 * @throws TLSOptionsError (`ERR_SENNIT_TLS_OPTIONS`), DurationError
 */
export function upgradePlan(
  options: StartTLSOptions,
  host: string | undefined,
  clock: IReactorTime,
): UpgradePlan {
  const { handshakeTimeout = 10, received, ...tls } = options
  const timeout = toSeconds(handshakeTimeout, 'handshakeTimeout')
  return { side: sideFor(tls, host), limit: { clock, timeout }, received }
}

/** What a protocol wants of its connection until the handshake is done. */
export class TLSUpgrade {
  readonly handshake: Handshake
  /** What was written, to be sent in private. */
  readonly held: Uint8Array[] = []
  /** Whether nothing shall be received. */
  isPaused: boolean

  /** @param socket - nobody listens to it any more */
  constructor(socket: Socket, { side, limit, received }: UpgradePlan, outcome: HandshakeOutcome) {
    this.isPaused = socket.isPaused()
    // What comes from here on belongs to the handshake.
    socket.pause()
    if (received !== undefined && received.byteLength > 0) socket.unshift(received)
    this.handshake = side.begin(socket, outcome, limit)
  }
}

/** Making a side costs a good part of what a handshake costs, and a server makes all its connections private with the same. */
let last: { readonly tls: object; readonly host: string | undefined; readonly side: TLSSide } | undefined

function sideFor(tls: object, host: string | undefined): TLSSide {
  if (last !== undefined && last.host === host && isSame(last.tls, tls)) return last.side
  const { isServer } = tls as { isServer?: boolean }
  const side = isServer
    ? new TLSAcceptor(ACTION, tls as TLSServerOptions)
    : new TLSInitiator(ACTION, tls as TLSClientOptions, host)
  last = { tls, host, side }
  return side
}

/** Whether two sets of options have the same members; lists and bytes that are not frozen could have changed, so they count as others. */
function isSame(one: object, other: object): boolean {
  const members = Object.entries(one)
  if (members.length !== Object.keys(other).length) return false
  return members.every(
    ([name, value]) =>
      (typeof value !== 'object' || Object.isFrozen(value)) && Reflect.get(other, name) === value,
  )
}
