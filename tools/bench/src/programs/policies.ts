/**
 * How long to wait after so many failures, again and again: `node policies.ts SIDE CALLS`.
 *
 * @module
 */
import { backoffPolicy } from '@sennit/backoff'
import type { IBackoff } from 'cockatiel'
import { type Burst, cpu, measure } from './measure.ts'

function calling(calls: number, delay: (failures: number) => number): Burst {
  let sum = 0
  for (let i = 0; i < 200_000; i++) sum += delay(i % 20)
  return () => {
    const start = cpu()
    for (let i = 0; i < calls; i++) sum += delay(i % 20)
    const used = cpu() - start
    if (!(sum > 0)) throw new Error('the delays are none')
    return { rate: calls / used / 1e6 }
  }
}

await measure({
  closure: (calls = 0) => {
    const [initialDelay, factor, maxDelay] = [1, 1.5, 60]
    return calling(calls, (failures) => Math.min(initialDelay * factor ** failures, maxDelay) + Math.random())
  },
  backoffPolicy: (calls = 0) => {
    const policy = backoffPolicy()
    return calling(calls, (failures) => policy(failures, Math.random))
  },
  cockatiel: async (calls = 0) => {
    const { ExponentialBackoff } = await import('cockatiel')
    const backoff = new ExponentialBackoff({ initialDelay: 1000, maxDelay: 60_000 })
    let next: IBackoff<unknown> = backoff.next()
    return calling(calls, (failures) => {
      if (failures === 0) next = backoff.next()
      next = next.next(undefined)
      return next.duration
    })
  },
})
