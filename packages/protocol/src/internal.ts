/**
 * For the reactor and its simulation, so that real and simulated ports behave alike; outside semver.
 *
 * @module
 */
export { assertBytes } from './bytes.ts'
export { bytesGone } from './bytes-gone.ts'
export { ConnectionContext, type ConnectionContextOptions } from './connection-context.ts'
export { tellClosed, tellOpened, type ToldConnection } from './connection-news.ts'
export { ConnectionSet, type ConnectionSetOptions, type ServedConnection } from './connection-set.ts'
export { ConnectionTimeout } from './connection-timeout.ts'
export { cut } from './cut.ts'
export { forwardMissing } from './forwarding.ts'
export {
  type DialOutcome,
  HappyEyeballs,
  type HappyEyeballsOptions,
  type HappyEyeballsOutcome,
} from './happy-eyeballs.ts'
export { ReactorCore, type ReactorCoreOptions } from './reactor-core.ts'
export { beginResolution, firstAddress, type LookUp, type LookUpAnswer } from './resolution.ts'
export { StreamSession, type StreamSessionOptions } from './stream-session.ts'
