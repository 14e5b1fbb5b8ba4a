/**
 * One lasting outgoing connection: connects, prepares the connection, and connects again after a failure or a loss, with
 * delays that grow and are spread.
 *
 * **Source:** Twisted, `twisted/application/internet.py`, `ClientService`; `twisted/application/_client_service.py`.
 * **Differs:**
 * - Every method may be called from every callback; promises settle after the change that they tell of.
 * - A start during a stop waits for the stop; what waits for a connection then keeps waiting.
 * - `prepareConnection` gets the application's own protocol, and a signal; it has a deadline. A connection that it rejects is
 *   closed and gone before the next attempt. A connection that is lost meanwhile is a failed attempt.
 * - A late result of an attempt that was given up is closed. A late loss of an old connection changes nothing.
 * - A close, and giving up an attempt, are bounded (`closeTimeout`).
 * - A policy that throws or yields what is no delay is logged, and the default is used. The default spreads its delays.
 * - The retry's log event tells the reason.
 * - Giving up (`isFatal`, `maxFailures`, a policy that yields `Infinity`), several endpoints, `current`, `connectionState`,
 *   `onConnectionState`, `connections`, `reconnectNow`, and connections other than an endpoint's (`ConnectionService`) are new.
 *
 * @module
 */
export { ClientService, type ClientServiceOptions } from './client-service.ts'
export { ConnectionService, type ConnectionServiceOptions } from './connection-service.ts'
export type { ConnectionState, ConnectionStateListener, ConnectionStateName } from './connection-state.ts'
export type { ConnectionsOptions } from './each-connection.ts'
export { ClientOptionError } from './errors.ts'
export type { WhenConnectedOptions } from './next-connection.ts'
export type { CodedError, ConnectionOptions, PrepareContext } from './settings.ts'
