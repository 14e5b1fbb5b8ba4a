/**
 * What is known of a service, as one small number: many services then cost little memory, and a walk over them reads and
 * writes all of it at once.
 *
 * @module
 */
import type { ServiceState } from '@sennit/interfaces'

const STATES: readonly ServiceState[] = ['idle', 'starting', 'running', 'stopping', 'stopped', 'failed']

/** The part that is the state: its place among the states. */
export const STATE = 0b111
export const STARTING = 1
export const RUNNING = 2
export const STOPPING = 3
export const STOPPED = 4
/** Whether a start has succeeded, privileged or not, and no stop hook was called since. */
export const DUE = 0b1000
/** Whether a hook has started something since the last stop hook: a privileged start without a hook starts nothing. */
export const TOUCHED = 0b1_0000
/** Whether the last caller wanted it to run. */
export const WANTED = 0b10_0000
/** Whether it came when the privileged start of the collection was over already. */
export const LATE = 0b100_0000

export function stateOf(marks: number): ServiceState {
  return STATES[marks & STATE]!
}

export function withState(marks: number, state: ServiceState): number {
  return (marks & ~STATE) | STATES.indexOf(state)
}

/** Whether it is at rest between the privileged start and the start, when nothing is under way. */
export function prepared(marks: number): boolean {
  return (marks & (DUE | STATE)) === (DUE | STARTING)
}
