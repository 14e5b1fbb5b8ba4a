/**
 * What every strand of Sennit shares at run time: clocks, durations, the default log, the diagnostics channels, and the
 * slot of the global reactor.
 *
 * @module
 */
export type {
  Duration,
  IDelayedCall,
  IKeepAlive,
  ILog,
  IReactorTime,
  IWallClock,
  Random,
  Seconds,
} from '@sennit/interfaces'
export {
  type Channels,
  channels,
  type ClientAttemptMessage,
  type ClientStateMessage,
  type ConnectionCloseMessage,
  type ConnectionOpenMessage,
  type ConnectionTransport,
  type MessageChannel,
  type ServiceMessage,
  type ServiceStateMessage,
  type TimerRunMessage,
} from './channels.ts'
export { Clock } from './clock.ts'
export { deferLater, type DeferLaterOptions } from './defer-later.ts'
export { toSeconds } from './duration.ts'
export {
  AlreadyCalled,
  AlreadyCancelled,
  CancelledError,
  DelayError,
  DurationError,
  MissingRoleError,
  TimeoutError,
} from './errors.ts'
export { getGlobalReactor, maybeGlobalReactor, setGlobalReactor } from './global-reactor.ts'
export { defaultLog } from './log.ts'
export { systemRandom } from './random.ts'
export { realTurn } from './real-turn.ts'
export { hasRole, requireRole } from './roles.ts'
export { systemClock } from './system-clock.ts'
export { wallClock } from './wall-clock.ts'
