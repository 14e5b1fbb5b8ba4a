/**
 * What the strands tell whoever wants to watch a program from outside, such as a tool for traces and metrics: channels of
 * `node:diagnostics_channel`, whose messages nobody makes as long as nobody listens.
 *
 * A listener is called inside what it is told of. It watches: it must start, stop, connect and close nothing. What it throws is
 * Node's matter, which reports it as uncaught, and harms nothing here.
 *
 * @module
 */
import { channel } from 'node:diagnostics_channel'
import type { IAddress, ICountedTransport, IService, Seconds, ServiceState } from '@sennit/interfaces'

/** A channel of `node:diagnostics_channel`, of which the messages are known. */
export interface MessageChannel<M extends object> {
  /** By which `subscribe` of `node:diagnostics_channel` finds it, too. */
  readonly name: string | symbol
  /** Whether anybody listens. */
  readonly hasSubscribers: boolean
  /** Calls the listener with each message. */
  subscribe(listener: (message: M, name: string | symbol) => void): void
  /** @returns whether the listener was there */
  unsubscribe(listener: (message: M, name: string | symbol) => void): boolean
  /** Tells all listeners. */
  publish(message: M): void
}

/** What is told of a service, whatever it is about. */
export interface ServiceMessage {
  readonly service: IService
  /** The names from the root down to it, such as `'app/db'`. */
  readonly path: string
}

/** A service has entered another state. */
export interface ServiceStateMessage extends ServiceMessage {
  readonly state: ServiceState
  /** The state that it has left. */
  readonly previous: ServiceState
  /** Why, when it has failed. */
  readonly error: Error | undefined
}

/** What a connection runs over. */
export type ConnectionTransport = 'tcp' | 'tls' | 'unix'

/** A connection stands, and its handler has it; of TLS, after the handshake. */
export interface ConnectionOpenMessage {
  /** `'server'` when a port has accepted it, `'client'` when it was connected from here. */
  readonly side: 'server' | 'client'
  /** What it ran over when it was opened; `startTLS` changes nothing. */
  readonly transport: ConnectionTransport
  /** What its handler has: a protocol's transport, or the socket. It is the same object in both messages of a connection. */
  readonly connection: object
  /** The address of this side. */
  readonly host: IAddress
  /** The address of the other side. */
  readonly peer: IAddress
}

/** A connection is gone, and its handler is done with it. It is told of those at whose opening somebody listened, to this channel or the other. */
export interface ConnectionCloseMessage extends ConnectionOpenMessage, ICountedTransport {
  /** A `ConnectionDone` after a clean end. */
  readonly reason: Error
}

/** An attempt of a client to connect is over. */
export interface ClientAttemptMessage extends ServiceMessage {
  /** Where to, as text. */
  readonly endpoint: string
  /** `'connected'` when the connection stands and is prepared; `'cancelled'` when the client was stopped meanwhile. */
  readonly outcome: 'connected' | 'failed' | 'cancelled'
  /** How many failures in a row there have been, with this one. */
  readonly failures: number
  /** How long it took; nothing when nobody listened as it began. */
  readonly took: Seconds | undefined
  /** Why it failed. */
  readonly error: Error | undefined
}

/** The lasting connection of a client is elsewhere than before. */
export interface ClientStateMessage extends ServiceMessage {
  /** Where to, as text. */
  readonly endpoint: string
  readonly state:
    | 'idle'
    | 'connecting'
    | 'waiting'
    | 'connected'
    | 'disconnecting'
    | 'restarting'
    | 'stopped'
    | 'failed'
  /** The last failure or loss, until a connection stands again or the client is stopped. */
  readonly cause: Error | undefined
  /** While it waits: how long until the next attempt. */
  readonly retryIn: Seconds | undefined
  /** How many failures in a row there have been. */
  readonly failures: number
}

/** A run of a timer is over. */
export interface TimerRunMessage extends ServiceMessage {
  /** The point of the grid that it was for, on the timer's clock; of a triggered run, when it was triggered. */
  readonly scheduledAt: Seconds
  /** How long after that it began. */
  readonly late: Seconds
  /** How long it took. */
  readonly took: Seconds
  /** How many points of the grid have passed without a run since the run before. */
  readonly missed: number
  /** What it failed with; nothing when it was only aborted. */
  readonly error: Error | undefined
}

/** All channels there are. */
export interface Channels {
  /** `sennit:service:state` */
  readonly serviceState: MessageChannel<ServiceStateMessage>
  /** `sennit:connection:open` */
  readonly connectionOpen: MessageChannel<ConnectionOpenMessage>
  /** `sennit:connection:close` */
  readonly connectionClose: MessageChannel<ConnectionCloseMessage>
  /** `sennit:client:attempt` */
  readonly clientAttempt: MessageChannel<ClientAttemptMessage>
  /** `sennit:client:state` */
  readonly clientState: MessageChannel<ClientStateMessage>
  /** `sennit:timer:run` */
  readonly timerRun: MessageChannel<TimerRunMessage>
}

/**
 * The channels on which the strands tell what goes on.
 *
 * @example
 * ```ts
 * import { channels } from '@sennit/runtime'
 *
 * channels.serviceState.subscribe(({ path, state, error }) => console.log(path, state, error?.message))
 * ```
 */
export const channels: Channels = {
  serviceState: /* @__PURE__ */ typed('sennit:service:state'),
  connectionOpen: /* @__PURE__ */ typed('sennit:connection:open'),
  connectionClose: /* @__PURE__ */ typed('sennit:connection:close'),
  clientAttempt: /* @__PURE__ */ typed('sennit:client:attempt'),
  clientState: /* @__PURE__ */ typed('sennit:client:state'),
  timerRun: /* @__PURE__ */ typed('sennit:timer:run'),
}

function typed<M extends object>(name: string): MessageChannel<M> {
  return channel(name) as object as MessageChannel<M>
}
