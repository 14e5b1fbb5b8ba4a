/**
 * How much processor time a process has used.
 *
 * @module
 */
import { readdirSync, readFileSync } from 'node:fs'

/** @returns the seconds that all threads of a process have spent on a processor, to the nanosecond; Linux alone says it */
export function cpuSeconds(pid: number): number {
  let nanoseconds = 0
  for (const thread of readdirSync(`/proc/${pid}/task`)) {
    const [onProcessor] = readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')
    nanoseconds += Number(onProcessor)
  }
  return nanoseconds / 1e9
}
