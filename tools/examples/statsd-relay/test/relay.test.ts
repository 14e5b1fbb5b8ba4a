import { MemoryLog, MemoryWorld } from '@sennit/testing'
import { beforeEach, describe, expect, it } from 'vitest'
import { type Relay, type RelayOptions, relay } from '../src/index.ts'

let world: MemoryWorld
let log: MemoryLog

beforeEach(() => {
  world = new MemoryWorld({ seed: 1 })
  log = new MemoryLog()
})

async function start(options: RelayOptions = {}): Promise<Relay> {
  const started = relay({
    carbon: 'carbon:2003',
    wallClock: world,
    ...options,
  })
  started.application.reactor = world
  started.application.log = log
  await world.run(started.application.startService())
  return started
}

/** What the relay told of its flushes. */
const flushes = () => log.events.filter(({ message }) => message === 'Flushed').map(({ fields }) => fields)

/** The values of a path among lines of Graphite's. */
function values(text: string, path: string): string[] {
  return text.split('\n').flatMap((line) => (line.startsWith(`${path} `) ? [line.split(' ')[1]!] : []))
}

describe('relay', () => {
  it('takes StatsD lines over UDP and TCP, and flushes every ten seconds', async () => {
    const carbon = world.listen('tcp:carbon:2003')
    await start()
    world.send('udp:127.0.0.1:8125', 'a:1|c\na:2|c')
    const client = await world.run(world.connect('tcp:127.0.0.1:8126'))
    client.write('a:4|c\nb:7|g\n')
    await world.advance('9s')
    expect(carbon.text()).toBe('')
    await world.advance('2s')
    expect(values(carbon.text(), 'stats.counters.a.count')).toEqual(['7'])
    expect(values(carbon.text(), 'stats.counters.a.rate')).toEqual(['0.7'])
    expect(values(carbon.text(), 'stats.gauges.b')).toEqual(['7'])
    await world.advance('10s')
    expect(values(carbon.text(), 'stats.gauges.b')).toEqual(['7', '7'])
    expect(values(carbon.text(), 'stats.counters.a.count')).toEqual(['7'])
  })

  it('holds lines while carbon is away, and sends them in order and once when it is there', async () => {
    const { application } = await start()
    for (let step = 1; step <= 6; step++) {
      world.send('udp:127.0.0.1:8125', `step:${step}|g\nsteps:1|c`)
      await world.advance('10s')
    }
    const carbon = world.listen('tcp:carbon:2003')
    await world.advance('2m')
    const steps = values(carbon.text(), 'stats.gauges.step')
    expect(steps.slice(0, 6)).toEqual(['1', '2', '3', '4', '5', '6'])
    expect(values(carbon.text(), 'stats.counters.steps.count')).toEqual(['1', '1', '1', '1', '1', '1'])
    await world.run(application.stopService())
    world.assertQuiet()
  })

  it('drops the oldest lines when the queue is full, and says how many', async () => {
    const { writer } = await start({ queueLimit: 10 })
    for (let step = 1; step <= 6; step++) {
      world.send('udp:127.0.0.1:8125', `step:${step}|g`)
      await world.advance('10s')
    }
    expect(writer.queue.length).toBe(10)
    expect(writer.queue.dropped).toBe(6 * 3 - 10)
    expect(flushes().at(-1)).toMatchObject({ queue: 10, dropped: 8 })
    const carbon = world.listen('tcp:carbon:2003')
    await world.advance('125s')
    const steps = values(carbon.text(), 'stats.gauges.step')
    expect(steps).not.toContain('3')
    expect(steps).toEqual(steps.toSorted())
    const made = flushes().reduce((sum, { lines }) => sum + (lines as number), 0)
    expect(carbon.text().split('\n').length - 1).toBe(made - writer.queue.dropped)
  })

  it('waits with its lines while carbon does not read, and goes on when it does', async () => {
    const carbon = world.listen('tcp:carbon:2003')
    const { writer } = await start()
    await world.advance('5s')
    carbon.connections[0]!.pause()
    const many = Array.from({ length: 4000 }, (_, at) => `c${at}:1|c`).join('\n')
    const client = await world.run(world.connect('tcp:127.0.0.1:8126'))
    client.write(`${many}\n`)
    await world.advance('10s')
    expect(writer.queue.length).toBeGreaterThan(1000)
    carbon.connections[0]!.resume()
    await world.advance('5s')
    expect(writer.queue.length).toBe(0)
    expect(carbon.text().match(/^stats\.counters\.c\d+\.count 1 /gm)).toHaveLength(4000)
  })

  it('counts and reports bad lines, and goes on', async () => {
    const carbon = world.listen('tcp:carbon:2003')
    await start()
    world.send('udp:127.0.0.1:8125', 'nonsense\na:1|c\na:1|x')
    await world.advance('11s')
    expect(values(carbon.text(), 'stats.statsd.bad_lines')).toEqual(['2'])
    expect(values(carbon.text(), 'stats.counters.a.count')).toEqual(['1'])
    expect(log.events).toContainEqual({
      level: 'warn',
      fields: { badLines: 2, last: 'a:1|x' },
      message: 'Lines that make no sense came in',
    })
  })

  it('ends a TCP connection whose line is too long, and serves the others', async () => {
    const carbon = world.listen('tcp:carbon:2003')
    await start()
    const bad = await world.run(world.connect('tcp:127.0.0.1:8126'))
    const good = await world.run(world.connect('tcp:127.0.0.1:8126'))
    bad.write('x'.repeat(10_000))
    await world.run(bad.whenClosed)
    expect(log.errors()).toEqual([expect.objectContaining({ code: 'ERR_SENNIT_LINE_LENGTH' })])
    good.write('a:1|c\n')
    await world.advance('11s')
    expect(values(carbon.text(), 'stats.counters.a.count')).toEqual(['1'])
  })

  it('logs each flush', async () => {
    world.listen('tcp:carbon:2003')
    await start()
    world.send('udp:127.0.0.1:8125', 'a:1|c\nb:1|g\nc:1|ms\nd:1|s')
    await world.advance('21s')
    const steady = { gauges: 1, queue: 0, dropped: 0, carbon: 'connected' }
    expect(flushes()).toEqual([
      { ...steady, events: 4, counters: 1, timers: 1, sets: 1, lines: 15 },
      { ...steady, events: 0, counters: 0, timers: 0, sets: 0, lines: 3 },
    ])
  })

  it('delivers the last flush when it is stopped', async () => {
    const carbon = world.listen('tcp:carbon:2003')
    const { application } = await start()
    await world.advance('5s')
    world.send('udp:127.0.0.1:8125', 'a:1|c')
    await world.advance('1s')
    await world.run(application.stopService())
    expect(values(carbon.text(), 'stats.counters.a.count')).toEqual(['1'])
    world.assertQuiet()
  })

  it('stops within its deadline although carbon is away, and says what is lost', async () => {
    const { application } = await start()
    world.send('udp:127.0.0.1:8125', 'a:1|c')
    await world.advance('1s')
    const before = world.seconds()
    await world.run(Promise.resolve(application.stopService()).catch(() => {}))
    expect(world.seconds() - before).toBeLessThan(10)
    expect(log.events).toContainEqual({
      level: 'warn',
      fields: { lost: expect.any(Number) as number },
      message: 'Carbon is away: lines are lost',
    })
    world.assertQuiet()
  })

  it('carries its lines to the embedded carbon server when it is given none', async () => {
    const { application } = await start({ carbon: undefined })
    world.send('udp:127.0.0.1:8125', 'a:1|c')
    await world.advance('11s')
    expect(flushes().at(-1)).toMatchObject({ carbon: 'connected', queue: 0 })
    await world.run(application.stopService())
    world.assertQuiet()
  })

  it('has its tree on the status page', async () => {
    await start()
    const client = await world.run(world.connect('tcp:127.0.0.1:8127'))
    client.write('GET /tree.json HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n')
    await world.run(client.whenClosed)
    const [head, ...body] = client.text().split('\r\n\r\n')
    expect(head).toContain('200 OK')
    expect(body.join('')).toContain('"statsd-relay"')
  })

  it('is the same each time with the same seed', async () => {
    const traces: string[] = []
    for (let round = 0; round < 2; round++) {
      world = new MemoryWorld({ seed: 7 })
      log = new MemoryLog()
      const carbon = world.listen('tcp:carbon:2003')
      const { application } = await start()
      for (let step = 0; step < 5; step++) {
        world.send('udp:127.0.0.1:8125', `a:${step}|ms`)
        await world.advance('7s')
      }
      await world.run(application.stopService())
      traces.push(`${world.seconds()}\n${JSON.stringify(log.events)}\n${carbon.text()}`)
    }
    expect(traces[0]).toBe(traces[1])
  })
})
