import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { build, program, sennit } from './support/workspace.ts'

let child: ChildProcess | undefined

afterEach(async () => {
  if (child !== undefined && child.exitCode === null && child.signalCode === null) {
    child.kill('SIGKILL')
    await once(child, 'close')
  }
})

describe.skipIf(process.getuid!() !== 0)('a low port', { timeout: 30_000 }, () => {
  beforeAll(build, 180_000)

  it('AP-17 AP-41 is bound as root and served as nobody, who cannot become root again', async () => {
    // A network of its own, in which port 80 is free; and what containers are like: no home, nothing on standard input.
    child = spawn(
      'unshare',
      [
        '--net',
        '--',
        'sh',
        '-c',
        'ip link set lo up && exec "$@"',
        'sh',
        process.execPath,
        sennit,
        'run',
        program('web.mjs'),
        '--endpoint',
        'tcp:80',
        '--uid',
        'nobody',
      ],
      { stdio: ['ignore', 'pipe', 'inherit'], env: { PATH: process.env['PATH'] }, cwd: '/' },
    )
    let stdout = ''
    child.stdout!.setEncoding('utf8').on('data', (text: string) => (stdout += text))
    while (!stdout.includes('has started')) await wait(10)
    const status = readFileSync(`/proc/${child.pid}/status`, 'utf8')
    expect(/^Uid:\s+(.*)$/m.exec(status)![1]!.split('\t')).toEqual(['65534', '65534', '65534', '65534'])
    expect(/^Gid:\s+(.*)$/m.exec(status)![1]!.split('\t')).toEqual(['65534', '65534', '65534', '65534'])
    expect(/^CapEff:\s+(.*)$/m.exec(status)![1]).toBe('0000000000000000')
    const { stdout: page } = spawnSync(
      'nsenter',
      [
        '--target',
        String(child.pid),
        '--net',
        process.execPath,
        '-e',
        'fetch("http://127.0.0.1/").then((r) => r.text()).then(console.log)',
      ],
      { encoding: 'utf8' },
    )
    expect(page).toBe('generation 1\n')
    child.kill('SIGTERM')
    expect((await once(child, 'close'))[0]).toBe(0)
  })

  it('AP-19 is not served at all when the user is none', async () => {
    child = spawn(
      process.execPath,
      [sennit, 'run', program('web.mjs'), '--endpoint', 'tcp:0', '--uid', 'no-such-user'],
      {
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    )
    let stderr = ''
    child.stderr!.setEncoding('utf8').on('data', (text: string) => (stderr += text))
    expect((await once(child, 'close'))[0]).toBe(1)
    expect(stderr).toMatch(/^sennit: Cannot start .*web\.mjs: Cannot drop privileges: .*no-such-user.*\n$/)
  })
})
