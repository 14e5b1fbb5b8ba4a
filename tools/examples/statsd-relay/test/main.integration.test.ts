import { type ChildProcessByStdio, execFileSync, spawn } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface, type Interface } from 'node:readline'
import type { Readable } from 'node:stream'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { CarbonProcess } from './support/carbon-process.ts'

const folder = join(import.meta.dirname, '..')
const cleanups: (() => unknown)[] = []

beforeAll(() => {
  execFileSync(process.execPath, [join(folder, '../../../tools/build/build.js'), folder], {
    stdio: 'inherit',
  })
}, 180_000)

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup()
})

function start(
  program: string,
  args: readonly string[],
): { child: ChildProcessByStdio<null, Readable, null>; output: Interface } {
  const command = [
    join(folder, 'node_modules/@sennit/cli/dist/sennit.js'),
    'run',
    join(folder, 'dist', program),
  ]
  const child = spawn(process.execPath, [...command, ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
  cleanups.push(() => child.kill('SIGKILL'))
  return { child, output: createInterface({ input: child.stdout }) }
}

async function freeUdpPort(): Promise<number> {
  const socket = createSocket('udp4')
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  const { port } = socket.address()
  socket.close()
  return port
}

describe('the relay under `sennit run`', () => {
  it('delivers its last flush before it ends at SIGTERM during load', { timeout: 60_000 }, async () => {
    const carbon = await CarbonProcess.start()
    cleanups.push(() => carbon.kill())
    const udpPort = await freeUdpPort()
    const { child, output } = start('main.js', [
      '--carbon',
      `127.0.0.1:${carbon.port}`,
      '--interval',
      '300ms',
      '--udp-port',
      String(udpPort),
      '--tcp-port',
      '0',
      '--status-port',
      '0',
    ])
    const exited = once(child, 'exit')
    await once(output, 'line')
    const socket = createSocket('udp4')
    cleanups.push(() => socket.close())
    const sending = setInterval(() => socket.send('load:1|c', udpPort, '127.0.0.1'), 1)
    await carbon.until(() => carbon.sum('stats.counters.load.count') > 20)
    clearInterval(sending)
    // What is sent last has not been flushed when the signal comes.
    for (let sent = 0; sent < 50; sent++) socket.send('last:1|c', udpPort, '127.0.0.1')
    await new Promise((resolve) => setTimeout(resolve, 50))
    child.kill('SIGTERM')

    expect(await exited).toEqual([0, null])
    await carbon.until(() => carbon.sum('stats.counters.last.count') === 50)
  })

  it('demo: shows numbers that move, and ends by itself', { timeout: 60_000 }, async () => {
    const { child, output } = start('demo.js', ['--for', '3s'])
    const exited = once(child, 'exit')
    const flushes: Record<string, unknown>[] = []
    output.on('line', (line) => {
      const flush = JSON.parse(line) as Record<string, unknown>
      if (flush['msg'] === 'Flushed' && Number(flush['events']) > 0) flushes.push(flush)
    })
    expect(await exited).toEqual([0, null])
    expect(flushes.length).toBeGreaterThanOrEqual(2)
    expect(flushes.at(-1)).toMatchObject({ gauges: 1, timers: 1, sets: 1, carbon: 'connected' })
  })

  it('demo: ends at Ctrl-C with exit code 0', { timeout: 60_000 }, async () => {
    const { child, output } = start('demo.js', [])
    const exited = once(child, 'exit')
    await once(output, 'line')
    await once(output, 'line')
    child.kill('SIGINT')
    expect(await exited).toEqual([0, null])
  })
})
