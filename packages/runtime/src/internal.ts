/**
 * Shared by the sibling packages; outside semver.
 *
 * @module
 */
export { acquire, type AcquireOptions } from './acquire.ts'
export { type Bounds, bounded } from './bounded.ts'
export {
  type CancelListener,
  type CancellableConnect,
  cancellableOf,
  type Cancellation,
  setCancellable,
} from './cancellable-connect.ts'
export { callbackOf, DelayedCall, DelayedCallQueue } from './delayed-call-queue.ts'
export { nodeModule } from './node-module.ts'
export { type PlainClock, plainClock } from './plain-clock.ts'
export { asError, isThenable } from './promises.ts'
export { Seats } from './seats.ts'
export { SystemClock } from './system-clock.ts'
export { tell } from './tell.ts'
export { TimeHeap, type Timed } from './time-heap.ts'
export { wallClockOf } from './wall-clock.ts'
