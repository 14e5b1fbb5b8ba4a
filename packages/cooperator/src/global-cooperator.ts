/**
 * The cooperator of the process.
 *
 * **Source:** Twisted, `twisted/internet/task.py`, `cooperate`, `coiterate`.
 *
 * @module
 */
import { Cooperator } from './cooperator.ts'

const shared = new Cooperator()

/**
 * `Cooperator.cooperate` of the one cooperator of the process, which is started.
 *
 * @example
 * ```ts
 * import { cooperate } from '@sennit/cooperator'
 *
 * const task = cooperate([1, 2, 3].values())
 * await task.whenDone()
 * ```
 */
export const cooperate: Cooperator['cooperate'] = shared.cooperate.bind(shared)

/** `Cooperator.coiterate` of the one cooperator of the process, which is started. */
export const coiterate: Cooperator['coiterate'] = shared.coiterate.bind(shared)
