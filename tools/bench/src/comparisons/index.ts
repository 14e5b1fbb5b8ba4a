/**
 * All comparisons.
 *
 * @module
 */
import type { Comparison } from '../comparison.ts'
import { clients } from './clients.ts'
import { growth } from './growth.ts'
import { servers } from './servers.ts'
import { timers } from './timers.ts'
import { work } from './work.ts'

export const comparisons: readonly Comparison[] = [...servers, ...clients, ...timers, ...work, ...growth]
