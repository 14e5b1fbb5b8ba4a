/**
 * Opening a port for connections, of whatever family.
 *
 * @module
 */
import { createServer, type Server, type ServerOpts } from 'node:net'
import type { ConnectionHandler, IAddress, IProtocolFactory, StreamListenOptions } from '@sennit/interfaces'
import { handlerKind } from '@sennit/protocol'
import type { PortSurroundings } from './port-surroundings.ts'
import { HIGH_WATER_MARK } from './producer-slot.ts'
import { StreamPort, type StreamPortOptions } from './stream-port.ts'
import { checkedLimits, type StreamLimits } from './stream-limits.ts'

/** What makes one kind of port differ from another. */
export interface StreamPortKind<A extends IAddress> extends Pick<StreamPortOptions<A>, 'kind' | 'serving'> {
  /** How the server accepts. */
  readonly accepting?: ServerOpts | undefined
  /**
   * Makes the server listen. It has to settle in the turn in which the server does.
   *
   * @throws CannotListenError, as a rejection
   */
  readonly listen: (server: Server, limits: StreamLimits) => Promise<Bound<A>>
}

/** What makes a port of one that listens already; for ports that can do more than others. */
export type PortMaker<A extends IAddress, P extends StreamPort<A>> = (options: StreamPortOptions<A>) => P

/** Where a server listens. */
type Bound<A extends IAddress> = Pick<StreamPortOptions<A>, 'host' | 'leave'>

/**
 * Binds, and listens.
 *
 * @throws ReactorOptionError (`ERR_SENNIT_REACTOR_OPTION`), HandlerError (`ERR_SENNIT_HANDLER`), and what `kind` throws
 */
export async function openStreamPort<A extends IAddress, P extends StreamPort<A> = StreamPort<A>>(
  { kind, serving, accepting, listen }: StreamPortKind<A>,
  handler: ConnectionHandler,
  options: StreamListenOptions,
  surroundings: PortSurroundings,
  make: PortMaker<A, P> = (made) => new StreamPort(made) as P,
): Promise<P> {
  const { signal, unref } = options
  const limits = checkedLimits(options)
  const isProtocol = handlerKind(handler) === 'protocol'
  signal?.throwIfAborted()

  const server = createServer({
    // What becomes of a connection that the other side has ended is for the handler, or the transport, to say.
    allowHalfOpen: true,
    highWaterMark: HIGH_WATER_MARK,
    ...accepting,
  })
  const { host, leave } = await listen(server, limits)
  try {
    signal?.throwIfAborted()
    if (isProtocol) (handler as IProtocolFactory).doStart()
  } catch (error) {
    leave?.()
    server.close()
    throw error
  }
  if (unref) server.unref()
  return make({ kind, server, host, leave, handler, serving, limits, surroundings })
}

/** Settles when a server listens. */
export function listening(server: Server, options: object): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(options, () => {
      server.off('error', reject)
      resolve()
    })
  })
}
