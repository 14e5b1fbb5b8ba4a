import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { NotifyReceiver } from './support/notify-receiver.ts'
import { build, type Running, start } from './support/programs.ts'

let folder: string
let receiver: NotifyReceiver
let running: Running[]

beforeAll(() => build(), 180_000)

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sennit-notify-'))
  running = []
})

afterEach(() => {
  receiver.close()
  for (const { child } of running) child.kill('SIGKILL')
  rmSync(folder, { recursive: true })
})

function begin(code: string, env: Record<string, string>): Running {
  const program = start(code, { env: { ...process.env, ...env } })
  running.push(program)
  return program
}

const SERVER = `
  import { spawnSync } from 'node:child_process'
  await run(new Application('app', {}, [
    hooks('child', { start: () => {
      const { stdout } = spawnSync('env', { encoding: 'utf8' })
      say(/NOTIFY|WATCHDOG/.test(stdout) ? 'children inherit' : 'children do not inherit')
    } }),
  ]), { drainDelay: '300ms', onReady: () => say('ready') })
`

describe('run under a service manager', { timeout: 30_000 }, () => {
  it('tells over the real socket, by its own process, that it is ready and that it stops', async () => {
    const path = join(folder, 'notify')
    receiver = await NotifyReceiver.open(path)
    const { child, line, ended } = begin(SERVER, { NOTIFY_SOCKET: path })
    await line('ready')
    await receiver.until('READY=1')
    child.kill('SIGTERM')
    await receiver.until('STOPPING=1')
    const { code, stdout, stderr } = await ended
    expect([code, stderr]).toEqual([0, ''])
    expect(stdout).toContain('children do not inherit')
    expect(receiver.texts).toEqual([
      'STATUS=starting',
      'READY=1\nSTATUS=running',
      'STOPPING=1\nSTATUS=draining',
    ])
    expect(new Set(receiver.notifications.map(({ pid }) => pid))).toEqual(new Set([child.pid]))
  })

  it('tells by systemd-notify where a socket has no path, in order, and does not end before it has', async () => {
    const name = `@sennit-${process.pid}-${Date.now()}`
    receiver = await NotifyReceiver.open(name)
    const { child, line, ended } = begin(SERVER, { NOTIFY_SOCKET: name })
    await line('ready')
    child.kill('SIGTERM')
    expect((await ended).code).toBe(0)
    await receiver.until('STOPPING=1')
    expect(receiver.texts.map((text) => text.trim())).toEqual([
      'STATUS=starting',
      'READY=1\nSTATUS=running',
      'STOPPING=1\nSTATUS=draining',
    ])
  })

  it('feeds the watchdog while the loop turns, and not while it is blocked', async () => {
    const path = join(folder, 'notify')
    receiver = await NotifyReceiver.open(path)
    const { child, line, ended } = begin(
      `
      setTimeout(() => {
        say('blocked')
        const until = Date.now() + 1500
        while (Date.now() < until);
        say('free')
      }, 1500)
      await run(new Application('app'), { onReady: () => say('ready') })
    `,
      { NOTIFY_SOCKET: path, WATCHDOG_USEC: '400000' },
    )
    await line('blocked')
    const from = performance.now()
    await line('free')
    const to = performance.now()
    const pings = receiver.notifications.filter(({ text }) => text === 'WATCHDOG=1').map(({ at }) => at)
    expect(pings.filter((at) => at < from).length).toBeGreaterThanOrEqual(4)
    expect(pings.filter((at) => at > from + 100 && at < to - 100)).toEqual([])
    child.kill('SIGTERM')
    await ended
  })

  it('goes on when the socket is gone', async () => {
    receiver = await NotifyReceiver.open(join(folder, 'other'))
    const { child, line, ended } = begin(SERVER, { NOTIFY_SOCKET: join(folder, 'nobody') })
    await line('ready')
    child.kill('SIGTERM')
    const { code, stderr } = await ended
    expect(code).toBe(0)
    expect(stderr.match(/The service manager cannot be told/g)).toHaveLength(1)
  })

  it('goes on, and says so, when there is neither an addon nor the program', async () => {
    receiver = await NotifyReceiver.open(join(folder, 'other'))
    const { child, line, ended } = begin(`process.env.PATH = '/nowhere'\n${SERVER}`, {
      NOTIFY_SOCKET: '@sennit-nobody',
    })
    await line('ready')
    child.kill('SIGTERM')
    const { code, stderr } = await ended
    expect(code).toBe(0)
    expect(stderr).toMatch(/The service manager cannot be told[^]*ENOENT/)
  })
})
