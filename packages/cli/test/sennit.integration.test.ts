import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'

const packageFolder = join(import.meta.dirname, '..')
const running: ChildProcess[] = []
let folder: string

// The command runs as it is built, and the modules stand where a user's would: beside a node_modules.
beforeAll(() => {
  const tsc = join(packageFolder, '../../node_modules/typescript/bin/tsc')
  const built = [packageFolder, join(packageFolder, '../endpoints')]
  execFileSync(process.execPath, [tsc, '-b', ...built], { stdio: 'inherit' })
  folder = mkdtempSync(join(tmpdir(), 'sennit-'))
  symlinkSync(join(packageFolder, 'node_modules'), join(folder, 'node_modules'))
}, 180_000)

afterEach(() => {
  for (const child of running.splice(0)) child.kill('SIGKILL')
})

afterAll(() => rmSync(folder, { recursive: true }))

const IMPORTS = `
  import { service } from '@sennit/endpoints'
  import { Application, hooks } from '@sennit/service'
  const say = (text) => process.stderr.write(text + '\\n')
`

function module(name: string, text: string): string {
  writeFileSync(join(folder, name), IMPORTS + text)
  return name
}

/** Runs the command, and calls back at the first output that contains a text. */
async function sennit(
  args: readonly string[],
  [at, then]: [string, (child: ChildProcess) => unknown] = ['', () => {}],
) {
  const child = spawn(process.execPath, [join(packageFolder, 'dist/sennit.js'), ...args], { cwd: folder })
  running.push(child)
  let stdout = ''
  let stderr = ''
  let waiting = at !== ''
  const seen = (): void => {
    if (!waiting || !(stdout + stderr).includes(at)) return
    waiting = false
    then(child)
  }
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
    seen()
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
    seen()
  })
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null]
  return { code, signal, stdout, stderr, messages: stderr.trim().split('\n') }
}

describe('sennit run', { timeout: 30_000 }, () => {
  it('AP-40 runs an application until a signal, and ends with exit code 0', async () => {
    const file = module(
      'good.mjs',
      `export const application = new Application('app', {}, [hooks('a', { start: () => say('started'), stop: () => say('stopped') })])`,
    )
    const { code, messages } = await sennit(['run', file], ['has started', (child) => child.kill('SIGTERM')])
    expect([code, messages]).toEqual([0, ['started', 'stopped']])
  })

  it('logs where a module went wrong at the level debug', async () => {
    const file = module('wrong.mjs', 'undefined.first')
    const { code, stdout, stderr } = await sennit(['run', file, '--log-level', 'debug'])
    expect(code).toBe(1)
    expect(stderr.trim().split('\n')).toHaveLength(1)
    expect(stdout).toMatch(/wrong\.mjs:\d+:\d+/)
  })

  it('runs an application that a function makes, for a while', async () => {
    const file = module(
      'made.mjs',
      `export default async () => new Application('app', {}, [hooks('a', { stop: () => say('stopped') })])`,
    )
    expect(await sennit(['run', file, '--for', '50ms'])).toMatchObject({ code: 0, messages: ['stopped'] })
  })

  it('AP-09 says in one line that a file is missing', async () => {
    const { code, stderr } = await sennit(['run', 'nowhere.mjs'])
    expect([code, stderr]).toEqual([1, 'sennit: Cannot run nowhere.mjs: there is no such file\n'])
  })

  it('AP-09 says in one line that a module has no application', async () => {
    const { code, stderr } = await sennit(['run', module('none.mjs', 'export const server = 1')])
    expect(code).toBe(1)
    expect(stderr).toBe(
      "sennit: Cannot run none.mjs: it must export an application as 'application' or as its default; it exports server\n",
    )
  })

  it.each([
    ['whose loading never ends', 'await new Promise(() => {})'],
    ['whose function never ends', 'export default () => new Promise(() => {})'],
  ])('says that a module %s waits in vain', async (_what, text) => {
    const { code, stderr } = await sennit(['run', module('waiting.mjs', text)])
    expect(code).toBe(1)
    expect(stderr).toContain('sennit: Cannot run waiting.mjs: it waits for something that never comes\n')
  })

  it('ends at a signal while the module loads', async () => {
    const file = module(
      'slow.mjs',
      `say('loading'); await new Promise((resolve) => setTimeout(resolve, 20_000))`,
    )
    const { code } = await sennit(['run', file], ['loading', (child) => child.kill('SIGTERM')])
    expect(code).toBe(143)
  })

  it('AP-42 says in one line which service could not start and why, and stops the others', async () => {
    const file = module(
      'failing.mjs',
      `export default new Application('app', {}, [
        hooks('a', { stop: () => say('a stopped') }),
        hooks('b', { start: () => { throw new Error('no database') } }),
      ])`,
    )
    const { code, messages } = await sennit(['run', file])
    expect(code).toBe(1)
    expect(messages).toEqual(['a stopped', 'sennit: Cannot start failing.mjs: app/b: no database'])
  })

  it('AP-42 names the path of the service and the address of a port in use, and stops what had started', async () => {
    const taken = createServer().listen(0, '127.0.0.1')
    await once(taken, 'listening')
    const { port } = taken.address() as { port: number }
    const file = module(
      'port.mjs',
      `export default new Application('app', {}, [
        hooks('a', { privilegedStart() {}, stop: () => say('a stopped') }),
        service('tcp:${port}:interface=127.0.0.1', { buildProtocol() {}, doStart() {}, doStop() {} }, { name: 'web' }),
      ])`,
    )
    const { code, messages } = await sennit(['run', file])
    taken.close()
    expect(code).toBe(1)
    expect(messages[0]).toBe('a stopped')
    expect(messages).toHaveLength(2)
    expect(messages[1]).toContain('app/web')
    expect(messages[1]).toContain(`127.0.0.1:${port}`)
    expect(messages[1]).toMatch(/in use|EADDRINUSE/)
  })

  it.each([
    ['an endpoint', `service('tcp:80x', {})`, [/port/i, /80x/]],
    ['an endpoint type', `service('tpc:80', {})`, [/tpc/, /tcp/]],
    [
      'a duration',
      `new Application('app', { stopTimeout: '10 s' })`,
      [/position 2/, /'ms', 's', 'm' or 'h'/],
    ],
  ])('says where %s is malformed and what was expected', async (_what, expression, wanted) => {
    const { code, messages } = await sennit(['run', module('malformed.mjs', `export default ${expression}`)])
    expect(code).toBe(1)
    expect(messages).toHaveLength(1)
    expect(messages[0]).toMatch(/^sennit: Cannot run malformed\.mjs: /)
    for (const pattern of wanted) expect(messages[0]).toMatch(pattern)
  })

  it('says which service did not stop in time', async () => {
    const file = module(
      'stuck.mjs',
      `export default new Application('app', {}, [hooks('stuck', { stop: () => new Promise(() => {}) })])`,
    )
    const { code, messages } = await sennit(['run', file, '--for', '10ms', '--stop-timeout', '100ms'])
    expect(code).toBe(1)
    expect(messages).toHaveLength(1)
    expect(messages[0]).toContain('app/stuck')
  })

  it.each([
    [['run']],
    [['walk']],
    [['run', 'x.mjs', '--walk']],
    [['run', 'x.mjs', '--for', '5 minutes']],
    [['run', 'x.mjs', '--log-level', 'loud']],
    [['run', 'x.mjs', '--log-format', 'xml']],
  ])('AP-36 AP-38 takes %j for a usage error', async (args) => {
    const { code, stderr } = await sennit(args)
    expect(code).toBe(64)
    expect(stderr).toMatch(/^error: /)
  })

  it('AP-37 answers --version and --help', async () => {
    expect(await sennit(['--version'])).toMatchObject({ code: 0, stdout: '0.1.0\n' })
    expect((await sennit(['--help'])).stdout).toContain('run')
  })

  it('AP-37 AP-39 logs as JSON when nobody is at a terminal, and as text when asked', async () => {
    const file = module('logging.mjs', `export default new Application('app', {}, [hooks('a', {})])`)
    const json = await sennit(['run', file, '--for', '10ms', '--log-level', 'debug'])
    const events = json.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { msg: string; service?: string; state?: string })
    expect(events).toContainEqual(expect.objectContaining({ service: 'app/a', state: 'running' }))
    expect(events).toContainEqual(expect.objectContaining({ msg: 'The application has started' }))
    const text = await sennit(['run', file, '--for', '10ms', '--log-format', 'text'])
    expect(text.stdout).toMatch(/^\d\d:\d\d:\d\d info The application has started application=app\n/)
    const quiet = await sennit(['run', file, '--for', '10ms', '--log-level', 'error'])
    expect(quiet.stdout).toBe('')
  })

  it('ends although the module left a timer behind', async () => {
    const file = module(
      'left.mjs',
      `setInterval(() => {}, 1000); export default new Application('app', {}, [])`,
    )
    expect((await sennit(['run', file, '--for', '10ms'])).code).toBe(0)
  })
})
