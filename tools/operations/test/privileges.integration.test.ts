import { execFile } from 'node:child_process'
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { killStarted, start, type Started } from './support/started.ts'
import { build, sennitRun } from './support/workspace.ts'

const NOBODY = '65534'

let folder: string

beforeEach(() => {
  // A folder of root, in which others may look, and nothing else: such as /run.
  folder = mkdtempSync(join(tmpdir(), 'sennit-privileges-'))
  chmodSync(folder, 0o755)
})

afterEach(async () => {
  await killStarted()
  rmSync(folder, { recursive: true })
})

/** What the system says of a process. */
function statusOf({ pid }: Started, name: string): string[] {
  const text = readFileSync(`/proc/${pid}/status`, 'utf8')
  return new RegExp(`^${name}:\\s*(.*)$`, 'm').exec(text)![1]!.split(/\s+/).filter(Boolean)
}

/** Asks from inside the network of a process. */
async function fetchThere({ pid }: Started, url: string): Promise<string> {
  const code = `fetch(${JSON.stringify(url)}).then((r) => r.text()).then((text) => process.stdout.write(text))`
  const args = ['--target', String(pid), '--net', process.execPath, '-e', code]
  return (await promisify(execFile)('nsenter', args)).stdout
}

describe.skipIf(process.getuid!() !== 0)('privileges', { timeout: 60_000 }, () => {
  beforeAll(build, 180_000)

  it('AP-17 AP-41 are there for a port below 1024, and gone for good when it is served', async () => {
    // A network of its own, in which port 80 is free.
    const web = start(
      'unshare',
      [
        '--net',
        '--',
        'sh',
        '-c',
        'ip link set lo up && exec "$@"',
        'sh',
        process.execPath,
        ...sennitRun('web.mjs', '--endpoint', 'tcp:80', '--uid', 'nobody'),
      ],
      { env: { PATH: process.env['PATH'] }, cwd: '/' },
    )
    await web.says(/has started/)
    expect(statusOf(web, 'Uid')).toEqual([NOBODY, NOBODY, NOBODY, NOBODY])
    expect(statusOf(web, 'Gid')).toEqual([NOBODY, NOBODY, NOBODY, NOBODY])
    expect(statusOf(web, 'Groups')).not.toContain('0')
    for (const set of ['CapEff', 'CapPrm']) expect(statusOf(web, set)).toEqual(['0000000000000000'])
    expect(await fetchThere(web, 'http://127.0.0.1/')).toBe('generation 1\n')
    expect(JSON.parse(await fetchThere(web, 'http://127.0.0.1/become-root'))).toEqual([
      'setuid EPERM',
      'seteuid EPERM',
      'setgid EPERM',
      'setegid EPERM',
      'setgroups EPERM',
    ])
    // Not one of its threads has kept them.
    expect(statusOf(web, 'Uid')).toEqual([NOBODY, NOBODY, NOBODY, NOBODY])
    web.kill('SIGTERM')
    expect(await web.ended).toMatchObject({ code: 0, stderr: '' })
  })

  it('AP-19 nothing is served when the user is none', async () => {
    const web = start(process.execPath, sennitRun('web.mjs', '--endpoint', 'tcp:0', '--uid', 'no-such-user'))
    const { code, stdout, stderr } = await web.ended
    expect(code).toBe(1)
    expect(stdout).not.toContain('has started')
    expect(stderr).toMatch(/^sennit: Cannot start .*web\.mjs: Cannot drop privileges: .*no-such-user.*\n$/)
  })

  it('a UNIX socket that may not be removed any more holds no stop up, and the next start takes it over', async () => {
    const socket = join(folder, 'socket')
    for (const round of [1, 2]) {
      const web = start(
        process.execPath,
        sennitRun('web.mjs', '--endpoint', `unix:${socket}`, '--uid', 'nobody'),
      )
      await web.says(/has started/)
      expect(existsSync(socket)).toBe(true)
      web.kill('SIGTERM')
      const { code, stdout } = await web.ended
      expect({ round, code }).toEqual({ round, code: 0 })
      expect(stdout).toContain('EACCES')
    }
  })
})
