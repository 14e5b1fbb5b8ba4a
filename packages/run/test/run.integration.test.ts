import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'

const folder = join(import.meta.dirname, '..')
const running: ChildProcess[] = []

// Programs run what was built, as they do for users.
beforeAll(() => {
  const builder = join(folder, '../../tools/build/build.js')
  execFileSync(process.execPath, [builder, folder, join(folder, '../service')], { stdio: 'inherit' })
}, 180_000)

afterEach(() => {
  for (const child of running.splice(0)) child.kill('SIGKILL')
})

const PRELUDE = `
  import { run } from '@sennit/run'
  import { Application, hooks } from '@sennit/service'
  const say = (text) => process.stdout.write(text + '\\n')
`

/** Runs a program that prints lines, and calls back at some of them. */
async function execute(code: string, at: Record<string, (child: ChildProcess) => unknown> = {}) {
  const child = spawn(process.execPath, ['--input-type=module', '-e', PRELUDE + code], { cwd: folder })
  running.push(child)
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
    for (const line of text.split('\n')) at[line]?.(child)
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  const start = performance.now()
  const [code_, signal] = (await once(child, 'close')) as [number | null, string | null]
  return { code: code_, signal, stdout, stderr, seconds: (performance.now() - start) / 1000 }
}

const SERVER = `
  const app = new Application('app', {}, [
    hooks('a', { start: () => say('start a'), stop: () => say('stop a') }),
    hooks('b', { start: () => say('start b'), stop: () => say('stop b') }),
  ])
  const code = await run(app, { onReady: () => say('ready') })
  say('code ' + code)
`

describe('run in a process', { timeout: 30_000 }, () => {
  it.each(['SIGINT', 'SIGTERM'] as const)(
    'RX-22 AP-16 stops at %s and ends with exit code 0',
    async (signal) => {
      const { code, stdout, stderr } = await execute(SERVER, { ready: (child) => child.kill(signal) })
      expect(stdout.trim().split('\n')).toEqual(['start a', 'start b', 'ready', 'stop b', 'stop a', 'code 0'])
      expect([code, stderr]).toEqual([0, ''])
    },
  )

  it('stays alive although nothing but the application keeps it so', async () => {
    const { code, seconds } = await execute(SERVER, {
      ready: (child) => setTimeout(() => child.kill('SIGTERM'), 500),
    })
    expect(code).toBe(0)
    expect(seconds).toBeGreaterThan(0.5)
  })

  it('RX-23 exits at once at a second signal, with its code', async () => {
    const hanging = `await run(new Application('app', {}, [hooks('a', { stop: () => { say('stopping'); return new Promise(() => {}) } })]), { onReady: () => say('ready') })`
    const { code, seconds } = await execute(hanging, {
      ready: (child) => child.kill('SIGTERM'),
      stopping: (child) => setTimeout(() => child.kill('SIGINT'), 700),
    })
    expect(code).toBe(130)
    expect(seconds).toBeLessThan(5)
  })

  it('does not end in silence when a start never settles', async () => {
    const { code, stderr } = await execute(`
      await run(new Application('app', { startTimeout: '200ms' }, [hooks('stuck', { start: () => new Promise(() => {}) })]))
    `)
    expect(code).toBe(1)
    expect(stderr).toContain('app/stuck')
  })

  it('ends with exit code 1 and the path of the service when a start fails', async () => {
    const { code, stdout, stderr } = await execute(`
      await run(new Application('app', {}, [
        hooks('a', { stop: () => say('stop a') }),
        hooks('b', { start: () => { throw new Error('no luck') } }),
      ]))
    `)
    expect([code, stdout]).toEqual([1, 'stop a\n'])
    expect(stderr).toContain('app/b: no luck')
  })

  it.each([
    ['a throw', `setTimeout(() => { throw new Error('thrown') }, 10)`, 'thrown'],
    ['a rejection', `setTimeout(() => void Promise.reject(new Error('rejected')), 10)`, 'rejected'],
  ])(
    'stops in order after %s that nobody caught, and ends with exit code 1',
    async (_what, code_, message) => {
      const { code, stdout, stderr } = await execute(`
      ${code_}
      await run(new Application('app', {}, [hooks('a', { stop: () => say('stop a') })]))
    `)
      expect([code, stdout]).toEqual([1, 'stop a\n'])
      expect(stderr).toContain(message)
    },
  )

  it('survives that nobody reads its output any more', async () => {
    const child = spawn(
      process.execPath,
      [
        '--input-type=module',
        '-e',
        `${PRELUDE} setInterval(() => say('x'.repeat(1000)), 1); await run(new Application('app', {}, [hooks('a', { stop: () => process.stderr.write('stopped well') })]), { for: '1s' }); process.exit()`,
      ],
      { cwd: folder },
    )
    running.push(child)
    let stderr = ''
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
    await once(child.stdout, 'data')
    child.stdout.destroy()
    expect(await once(child, 'close')).toEqual([0, null])
    expect(stderr).toBe('stopped well')
  })

  it('AP-18 AP-19 becomes another user before the start, or says that it may not', async () => {
    const { code, stdout, stderr } = await execute(`
      await run(new Application('app', { uid: 'nobody', gid: 'nogroup' }, [
        hooks('a', { start: () => say([process.getuid(), process.geteuid(), process.getgroups()].join(' ')) }),
      ]), { for: '1ms' })
    `)
    if (process.getuid!() === 0) expect([code, stdout]).toEqual([0, '65534 65534 65534\n'])
    else {
      expect([code, stdout]).toEqual([1, ''])
      expect(stderr).toContain('only root can become another user')
    }
  })

  it('stops at a signal that comes during the start', async () => {
    const { code, stdout } = await execute(
      `
      await run(new Application('app', {}, [
        hooks('a', { stop: () => say('stop a') }),
        hooks('b', { start: ({ signal }) => { say('starting b'); return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))) } }),
        hooks('c', { start: () => say('start c') }),
      ]))
    `,
      { 'starting b': (child) => child.kill('SIGTERM') },
    )
    expect([code, stdout]).toEqual([0, 'starting b\nstop a\n'])
  })
})
