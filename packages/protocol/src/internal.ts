/**
 * For the reactor and its simulation, so that real and simulated ports behave alike; outside semver.
 *
 * @module
 */
export { assertBytes } from './bytes.ts'
export { ConnectionContext, type ConnectionContextOptions } from './connection-context.ts'
export { ConnectionSet, type ConnectionSetOptions, type ServedConnection } from './connection-set.ts'
export { StreamSession, type StreamSessionOptions } from './stream-session.ts'
