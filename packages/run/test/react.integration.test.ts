import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'

const folder = join(import.meta.dirname, '..')
const running: ChildProcess[] = []

// Programs run what was built, as they do for users.
beforeAll(() => {
  const builder = join(folder, '../../tools/build/build.js')
  execFileSync(process.execPath, [builder, folder], { stdio: 'inherit' })
}, 180_000)

afterEach(() => {
  for (const child of running.splice(0)) child.kill('SIGKILL')
})

const PRELUDE = `
  import { ExitError, react } from '@sennit/run'
  const say = (text) => process.stdout.write(text + '\\n')
`

/** Runs a program that prints lines, and calls back at some of them. */
async function execute(code: string, at: Record<string, (child: ChildProcess) => unknown> = {}) {
  const child = spawn(process.execPath, ['--input-type=module', '-e', PRELUDE + code], { cwd: folder })
  running.push(child)
  let [stdout, stderr] = ['', '']
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
    for (const line of text.split('\n')) at[line]?.(child)
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  const [exitCode] = (await once(child, 'close')) as [number | null]
  return { code: exitCode, stdout, stderr }
}

const SERVER = `
  const code = await react(async (reactor) => {
    await reactor.listenTCP(0, { handleStream: async (socket) => void socket.end() }, { interface: '127.0.0.1' })
    await reactor.listenUDP(0, { makeConnection() {}, doStop() {} }, { interface: '127.0.0.1' })
    say('ready')
    return new Promise(() => {})
  })
  say('code ' + code)
`

describe('react in a process', { timeout: 30_000 }, () => {
  it.each(['SIGINT', 'SIGTERM'] as const)(
    'CK-14 RX-22 ends at %s, although ports are open',
    async (signal) => {
      const { code, stdout, stderr } = await execute(SERVER, { ready: (child) => child.kill(signal) })
      expect([code, stdout, stderr]).toEqual([0, 'ready\ncode 0\n', ''])
    },
  )

  it('RX-23 ends at once at a second signal', async () => {
    const { code, stdout } = await execute(
      `await react((reactor) => {
        reactor.addSystemEventTrigger('before', 'shutdown', () => { say('stopping'); return new Promise(() => {}) })
        reactor.callWhenRunning(say, 'ready')
        return new Promise(() => {})
      })`,
      {
        ready: (child) => child.kill('SIGTERM'),
        stopping: (child) => setTimeout(() => child.kill('SIGINT'), 700),
      },
    )
    expect([code, stdout]).toEqual([130, 'ready\nstopping\n'])
  })

  it.each([
    ['is done', `async () => say('main')`, 0, ''],
    ['fails', `async () => { say('main'); throw new Error('no luck') }`, 1, 'no luck'],
    ['asks for a code', `async () => { say('main'); throw new ExitError(3) }`, 3, ''],
  ])('CK-15 the process ends with the right code when main %s', async (_what, main, expected, error) => {
    const { code, stdout, stderr } = await execute(`await react(${main})`)
    expect([code, stdout]).toEqual([expected, 'main\n'])
    expect(stderr).toContain(error)
    if (error === '') expect(stderr).toBe('')
  })
})
