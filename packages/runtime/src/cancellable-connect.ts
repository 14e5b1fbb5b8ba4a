/**
 * Giving up a connection that is in the making, without a signal: an `AbortController` costs more than the rest of a client's attempt, and
 * is hardly ever aborted. Between sibling packages only; everybody else has the signal.
 *
 * @module
 */
import type { ConnectOptions, IProtocol, IProtocolFactory, IStreamClientEndpoint } from '@sennit/interfaces'

/** What can be given up, and tells one listener of it. */
export interface Cancellation {
  /** Whether it was given up, or is over already. */
  readonly isCancelled: boolean
  /** Told when it is given up; to be taken away when there is nothing left to give up. */
  listener: CancelListener | undefined
}

/** Who is told. */
export interface CancelListener {
  cancelled(reason: unknown): void
}

/** Does what an endpoint's `connect` does, with a cancellation in the place of the signal. */
export type CancellableConnect = <P extends IProtocol>(
  endpoint: IStreamClientEndpoint,
  factory: IProtocolFactory<P>,
  options: ConnectOptions,
  cancellation: Cancellation,
) => Promise<P>

type Connect = IStreamClientEndpoint['connect']

// By the method, since one that overrides it may do something else.
const known = new WeakMap<Connect, CancellableConnect>()

/** Says what does the same as a `connect`. */
export function setCancellable(connect: Connect, cancellable: CancellableConnect): void {
  known.set(connect, cancellable)
}

/** @returns what does the same as a `connect`; nothing when that needs a signal */
export function cancellableOf(connect: Connect): CancellableConnect | undefined {
  return known.get(connect)
}
