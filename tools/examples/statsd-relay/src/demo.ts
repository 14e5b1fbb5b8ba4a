/**
 * The relay together with a small load from a StatsD client, so that numbers move: `node demo.js [--for 10s]`.
 *
 * @module
 */
import { parseArgs } from 'node:util'
import type { Duration } from '@sennit/interfaces'
import { run } from '@sennit/run'
import { hooks } from '@sennit/service'
import { TimerService } from '@sennit/timer'
import { StatsD } from 'hot-shots'
import { relay } from './relay.ts'

const { values } = parseArgs({ options: { for: { type: 'string' }, carbon: { type: 'string' } } })

const print = (line: string): void => {
  process.stdout.write(`${new Date().toISOString().slice(11, 19)} ${line}\n`)
}

const { application } = relay({ carbon: values.carbon, flushInterval: '1s', print })

const statsd = new StatsD({
  host: '127.0.0.1',
  port: 8125,
  errorHandler: (error) => print(`load: ${error.message}`),
})

let requests = 0
const load = new TimerService(
  '20ms',
  () => {
    requests++
    statsd.increment('demo.requests')
    statsd.timing('demo.latency', 20 + 15 * Math.sin(requests / 50) + (requests % 7))
    statsd.gauge('demo.temperature', 20 + (requests % 10))
    statsd.unique('demo.visitors', `visitor-${requests % 123}`)
    if (requests % 100 === 0) statsd.increment('demo.sampled', 1, 0.5)
  },
  { name: 'load' },
)

await hooks('load client', {
  stop: () => new Promise<void>((resolve) => statsd.close(() => resolve())),
}).setServiceParent(application)
await load.setServiceParent(application)

print('StatsD on 127.0.0.1:8125 (UDP) and 8126 (TCP), status on http://127.0.0.1:8127/, Ctrl-C to stop')
await run(application, { for: values.for as Duration | undefined })
