/**
 * The relay together with a small load from a StatsD client, so that numbers move: `sennit run demo.js [--carbon HOST:PORT]`.
 *
 * @module
 */
import { type Application, hooks } from '@sennit/service'
import { TimerService } from '@sennit/timer'
import { StatsD } from 'hot-shots'
import { relay } from './relay.ts'

/** What the command line takes. */
export const options = {
  carbon: { type: 'string', description: 'HOST:PORT of the carbon server (default: an embedded one)' },
} as const

export async function application(values: { readonly carbon?: string }): Promise<Application> {
  const { application: app } = relay({ carbon: values.carbon, flushInterval: '1s' })

  const statsd = new StatsD({
    host: '127.0.0.1',
    port: 8125,
    errorHandler: (error) => app.log.warn({ err: error }, 'The load could not be sent'),
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
  }).setServiceParent(app)
  await load.setServiceParent(app)
  return app
}
