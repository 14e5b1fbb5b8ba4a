/**
 * Shared by the sibling packages; outside semver.
 *
 * @module
 */
export { type SplitOptions, splitOptions } from './split-options.ts'
