/**
 * The relay: StatsD in, Graphite out. All of it is services in one tree, so that start, stop, failures and tests need no code here.
 *
 * @module
 */
import { ClientService } from '@sennit/client'
import { CooperatorService } from '@sennit/cooperator'
import { clientFromString, service } from '@sennit/endpoints'
import type { Duration, IHostPort, IStreamClientEndpoint, IWallClock } from '@sennit/interfaces'
import { UDPServer } from '@sennit/legacy'
import { duplexFactory } from '@sennit/protocol'
import { toSeconds, wallClock as systemWallClock } from '@sennit/runtime'
import { Application, hooks } from '@sennit/service'
import { StatusService } from '@sennit/status'
import { TimerService } from '@sennit/timer'
import { carbonSink } from './carbon-sink.ts'
import { CarbonWriter } from './carbon-writer.ts'
import { graphiteLines } from './graphite-lines.ts'
import { Metrics } from './metrics.ts'
import { StatsdDatagrams, statsdLines } from './statsd-inputs.ts'

/** Options of `relay`. */
export interface RelayOptions {
  /** `HOST:PORT` of the carbon server; an embedded one when absent. */
  readonly carbon?: string | undefined
  /** The local address of the inputs. @defaultValue '127.0.0.1' */
  readonly interface?: string | undefined
  /** @defaultValue 8125 */
  readonly udpPort?: number | undefined
  /** @defaultValue 8126 */
  readonly tcpPort?: number | undefined
  /** The port of the status page, on 127.0.0.1. @defaultValue 8127 */
  readonly statusPort?: number | undefined
  /** @defaultValue '10s' */
  readonly flushInterval?: Duration | undefined
  /** How many lines wait for the carbon server, at most. @defaultValue 100000 */
  readonly queueLimit?: number | undefined
  /** How long the last flush waits for the carbon server. @defaultValue '3s' */
  readonly lastFlushTimeout?: Duration | undefined
  readonly wallClock?: IWallClock | undefined
}

/** The application, and what a test or an embedding program wants to reach. */
export interface Relay {
  readonly application: Application
  readonly metrics: Metrics
  readonly writer: CarbonWriter
  readonly work: CooperatorService
}

/** Builds the relay; nothing happens before its application is started. */
export function relay(options: RelayOptions = {}): Relay {
  const { udpPort = 8125, tcpPort = 8126, statusPort = 8127, interface: address = '127.0.0.1' } = options
  const { flushInterval = '10s', queueLimit = 100_000, lastFlushTimeout = '3s' } = options
  const { wallClock = systemWallClock } = options

  let lastBadLine = ''
  const metrics = new Metrics((line) => {
    lastBadLine = line
  })
  const work = new CooperatorService({ name: 'percentiles' })
  const sink = options.carbon === undefined ? carbonSink() : undefined
  const carbonEndpoint: IStreamClientEndpoint = {
    connect(factory, connectOptions) {
      const place = options.carbon ?? `127.0.0.1:${(sink!.getHost() as IHostPort).port}`
      return clientFromString(`tcp:${place}`).connect(factory, connectOptions)
    },
  }
  const carbon = new ClientService(carbonEndpoint, duplexFactory(), { name: 'carbon' })
  const writer = new CarbonWriter(carbon, queueLimit)

  let flushedAt = 0
  const flush = async (signal: AbortSignal): Promise<void> => {
    const now = wallClock.now()
    const interval = flushedAt === 0 ? toSeconds(flushInterval) : Math.max(now - flushedAt, 0.001)
    flushedAt = now
    const snapshot = metrics.snapshot()
    const lines: string[] = []
    await work.cooperate(graphiteLines(snapshot, interval, now, lines)).whenDone({ signal })
    writer.send(lines)

    const { length: queue, dropped } = writer.queue
    const { counters, gauges, timers, sets, badLines, events } = snapshot
    application.log.info(
      {
        events,
        counters: counters.size,
        gauges: gauges.size,
        timers: timers.size,
        sets: sets.size,
        lines: lines.length,
        queue,
        dropped,
        carbon: carbon.connectionState.name,
      },
      'Flushed',
    )
    if (badLines > 0) {
      application.log.warn({ badLines, last: lastBadLine.slice(0, 80) }, 'Lines that make no sense came in')
    }
  }

  // Stopped from the last to the first: the inputs, the timer, then the last flush, while there still is a connection to carbon.
  const application: Application = new Application('statsd-relay', {}, [
    new StatusService(`tcp:${statusPort}`, { name: 'status' }),
    ...(sink === undefined ? [] : [sink]),
    carbon,
    work,
    hooks('last flush', {
      stop: async ({ signal }) => {
        await flush(signal)
        await writer
          .sent({ signal, timeout: lastFlushTimeout })
          .catch(() => application.log.warn({ lost: writer.queue.length }, 'Carbon is away: lines are lost'))
      },
    }),
    new TimerService(flushInterval, ({ signal }) => flush(signal), { name: 'flush', now: false }),
    new UDPServer(udpPort, new StatsdDatagrams(metrics), { interface: address, name: 'statsd udp' }),
    service(`tcp:${tcpPort}:interface=${address}`, statsdLines(metrics), { name: 'statsd tcp' }),
  ])

  return { application, metrics, writer, work }
}
