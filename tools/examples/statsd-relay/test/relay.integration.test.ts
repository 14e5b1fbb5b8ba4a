import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { createConnection } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import type { IHostPort } from '@sennit/interfaces'
import type { UDPServer } from '@sennit/legacy'
import type { StreamServerEndpointService } from '@sennit/endpoints'
import type { StatusDocument, StatusService } from '@sennit/status'
import { StatsD } from 'hot-shots'
import { afterEach, describe, expect, it } from 'vitest'
import { relay, type Relay, type RelayOptions } from '../src/index.ts'
import { CarbonProcess } from './support/carbon-process.ts'

const cleanups: (() => unknown)[] = []

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup()
})

async function startCarbon(port?: number): Promise<CarbonProcess> {
  const carbon = await CarbonProcess.start(port)
  cleanups.push(() => carbon.kill())
  return carbon
}

async function startRelay(
  options: RelayOptions,
): Promise<Relay & { udpPort: number; tcpPort: number; statusPort: number }> {
  const started = relay({ udpPort: 0, tcpPort: 0, statusPort: 0, flushInterval: '100ms', ...options })
  cleanups.push(() => started.application.stopService())
  await started.application.startService()
  const port = (name: string) => {
    const listener = started.application.getServiceNamed(name) as
      | UDPServer
      | StreamServerEndpointService
      | StatusService
    return (listener.getHost() as IHostPort).port
  }
  return { ...started, udpPort: port('statsd udp'), tcpPort: port('statsd tcp'), statusPort: port('status') }
}

function startClient(port: number): StatsD {
  const client = new StatsD({ host: '127.0.0.1', port, maxBufferSize: 400, bufferFlushInterval: 10 })
  cleanups.push(() => new Promise<void>((resolve) => client.close(() => resolve())))
  return client
}

describe('relay', () => {
  it(
    'delivers exactly what a StatsD client sends over UDP and a plain socket over TCP',
    { timeout: 30_000 },
    async () => {
      const carbon = await startCarbon()
      const { udpPort, tcpPort } = await startRelay({ carbon: `127.0.0.1:${carbon.port}` })
      const statsd = startClient(udpPort)
      const socket = createConnection(tcpPort, '127.0.0.1')
      for (let round = 1; round <= 200; round++) {
        statsd.increment('hits')
        statsd.increment('bytes', round)
        statsd.timing('latency', round)
        statsd.unique('users', `user-${round % 17}`)
        statsd.gauge('level', round)
        socket.write(`lines:${round}|c\nlines.sampled:1|c|@0.25\n`)
        if (round % 20 === 0) await wait(15)
      }
      socket.end('this is no metric\nlines:1|c\n')

      await carbon.until(
        () =>
          carbon.sum('stats.counters.hits.count') === 200 &&
          carbon.sum('stats.timers.latency.count') === 200 &&
          carbon.sum('stats.statsd.bad_lines') === 1,
      )
      expect(carbon.sum('stats.counters.bytes.count')).toBe(20_100)
      expect(carbon.sum('stats.timers.latency.sum')).toBe(20_100)
      expect(carbon.sum('stats.counters.lines.count')).toBe(20_101)
      expect(carbon.sum('stats.counters.lines.sampled.count')).toBe(800)
      expect(carbon.values('stats.gauges.level').at(-1)).toBe(200)
      expect(Math.max(...carbon.values('stats.sets.users.count'))).toBeLessThanOrEqual(17)
    },
  )

  it(
    'holds lines while carbon is dead, and delivers them in order and once when it is back',
    { timeout: 60_000 },
    async () => {
      const first = await startCarbon()
      const { udpPort, writer } = await startRelay({ carbon: `127.0.0.1:${first.port}` })
      const statsd = startClient(udpPort)
      statsd.gauge('step', 0)
      await first.until(() => first.values('stats.gauges.step').length > 1)
      await first.kill()
      // The flush during which the loss is noticed may be lost with the connection: those after it are not.
      while (writer.queue.length === 0) await wait(20)

      for (let step = 1; step <= 20; step++) {
        statsd.gauge('step', step)
        statsd.increment('steps')
        await wait(60)
      }
      expect(writer.queue.length).toBeGreaterThan(20)
      const second = await startCarbon(first.port)
      await second.until(
        () =>
          second.values('stats.gauges.step').at(-1) === 20 && second.sum('stats.counters.steps.count') >= 20,
      )

      const steps = second.values('stats.gauges.step')
      expect(steps).toEqual(steps.toSorted((a, b) => a - b))
      expect(second.sum('stats.counters.steps.count')).toBe(20)
      expect(writer.queue.dropped).toBe(0)
    },
  )

  it('flushes a million samples while datagrams arrive', { timeout: 60_000 }, async () => {
    const carbon = await startCarbon()
    const { metrics, udpPort } = await startRelay({
      carbon: `127.0.0.1:${carbon.port}`,
      flushInterval: '500ms',
    })
    const taken: number[] = []
    const take = metrics.take.bind(metrics)
    metrics.take = (text) => {
      if (text.startsWith('sent')) taken.push(performance.now() - Number(/:([\d.]+)/.exec(text)![1]))
      take(text)
    }
    let state = 1
    for (let sample = 0; sample < 1_000_000; sample++) {
      state = (state * 48271) % 2147483647
      metrics.takeLine(`large:${state % 100_000}|ms`)
    }
    const socket = createSocket('udp4')
    cleanups.push(() => socket.close())
    const done = carbon.until(() => carbon.sum('stats.timers.large.count') === 1_000_000)
    const sending = setInterval(() => socket.send(`sent:${performance.now()}|g`, udpPort, '127.0.0.1'), 2)
    await done
    clearInterval(sending)

    taken.sort((a, b) => a - b)
    const at = (fraction: number) => taken[Math.floor(fraction * (taken.length - 1))]!.toFixed(1)
    console.log(
      `delay of ${taken.length} datagrams meanwhile, in ms: median ${at(0.5)}, 99 % ${at(0.99)}, longest ${at(1)}`,
    )
    expect(taken.length).toBeGreaterThan(2)
    expect(carbon.values('stats.timers.large.upper')).toEqual([99_999])
  })

  it('answers with its tree as JSON', { timeout: 30_000 }, async () => {
    const { statusPort } = await startRelay({})
    const response = await fetch(`http://127.0.0.1:${statusPort}/tree.json`)
    const { tree } = (await response.json()) as StatusDocument
    expect([tree.name, tree.state]).toEqual(['statsd-relay', 'running'])
    expect(tree.children.map(({ name }) => name)).toEqual([
      'status',
      'carbon sink',
      'carbon',
      'percentiles',
      'last flush',
      'flush',
      'statsd udp',
      'statsd tcp',
    ])
    expect(new Set(tree.children.map((child) => child.state))).toEqual(new Set(['running']))
  })

  it('serves its status although a request before was cut', { timeout: 30_000 }, async () => {
    const { statusPort } = await startRelay({})
    const socket = createConnection(statusPort, '127.0.0.1')
    await once(socket, 'connect')
    socket.write('GET / HTT')
    socket.resetAndDestroy()
    expect((await fetch(`http://127.0.0.1:${statusPort}/tree.json`)).status).toBe(200)
  })
})
