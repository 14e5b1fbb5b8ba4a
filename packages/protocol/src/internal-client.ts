/**
 * The little that a client needs, which would else load everything; outside semver.
 *
 * @module
 */
export { ConnectionLost } from './connection-errors.ts'
export { ConnectionTimeout } from './connection-timeout.ts'
export { forwardMissing } from './forwarding.ts'
