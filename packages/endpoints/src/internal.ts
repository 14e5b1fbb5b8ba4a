/**
 * Shared by the sibling packages; outside semver.
 *
 * @module
 */
export { type EndpointField, splitEndpointFields } from './endpoint-fields.ts'
