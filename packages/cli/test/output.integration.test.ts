import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { beforeAll, describe, expect, it } from 'vitest'
import { events, project, SENNIT } from './support/command.ts'

const { module, start } = project()

/** Far more than any pipe or socket holds. */
const LINES = 10_000

beforeAll(() => {
  module(
    'loud.mjs',
    `const many = (log, text) => { for (let i = 0; i < ${LINES}; i++) log.info({ pad: 'x'.repeat(100), i }, text) }
    export const options = Object.fromEntries(['fail', 'hang', 'crash', 'print'].map((name) => [name, { type: 'boolean' }]))
    export default ({ fail, hang, crash, print }) => new Application('loud', {}, [hooks('a', {
      start({ context }) {
        many(context.log, 'start')
        if (print) for (let i = 0; i < 500; i++) console.log(JSON.stringify({ level: 0, msg: 'print', i, pad: 'x'.repeat(500) }))
        say('started')
        if (crash) setTimeout(() => { throw new Error('out of luck') }, 10)
        if (fail) throw new Error('no database')
      },
      stop({ context }) {
        many(context.log, 'stop')
        context.log.info({}, 'the last')
        say('stopping')
        return hang ? new Promise(() => {}) : undefined
      },
    })])`,
  )
})

interface Reading {
  readonly child: ChildProcess
  /** Begins to read, and yields all that there was, and the exit code. */
  rest(): Promise<{ code: number | null; lines: Record<string, unknown>[] }>
  /** Waits for a text on stderr. */
  seen(text: string): Promise<void>
}

/** Runs the command, and reads nothing of what it logs for the moment. */
function unread(...args: string[]): Reading {
  const child = start(process.execPath, [SENNIT, 'run', 'loud.mjs', ...args])
  child.stdout!.pause()
  let stderr = ''
  child.stderr!.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  return {
    child,
    rest: async () => {
      let stdout = ''
      child
        .stdout!.setEncoding('utf8')
        .on('data', (text: string) => (stdout += text))
        .resume()
      const [code] = (await once(child, 'close')) as [number | null]
      return { code, lines: events(stdout) }
    },
    seen: async (text) => {
      while (!stderr.includes(text)) await once(child.stderr!, 'data')
    },
  }
}

/** How many there are of each message. */
function counts(lines: readonly Record<string, unknown>[]): Record<string, number> {
  const found: Record<string, number> = {}
  for (const { msg } of lines) found[String(msg)] = (found[String(msg)] ?? 0) + 1
  return found
}

describe('a log whose reader is slow', { timeout: 30_000 }, () => {
  it('holds the program up neither at its start nor at a signal, and is out at the end, whole and in order', async () => {
    const { child, rest, seen } = unread()
    await seen('started')
    child.kill('SIGTERM')
    await seen('stopping')
    await sleep(500)
    const { code, lines } = await rest()
    expect(code).toBe(0)
    expect(counts(lines)).toMatchObject({ start: LINES, stop: LINES, 'the last': 1 })
    expect(lines.filter(({ msg }) => msg === 'start').map(({ i }) => i)).toEqual(
      Array.from({ length: LINES }, (_, i) => i),
    )
    expect(lines.at(-1)).toMatchObject({ msg: 'the last' })
  })

  it('is out after a start that failed', async () => {
    const { rest, seen } = unread('--fail')
    await seen('Cannot start')
    const { code, lines } = await rest()
    expect(code).toBe(1)
    expect(counts(lines)).toMatchObject({ start: LINES })
    expect(lines.at(-1)).toMatchObject({ level: 50, msg: 'Cannot start loud.mjs: loud/a: no database' })
  })

  it('is out after an error that nobody has caught', async () => {
    const { rest, seen } = unread('--crash')
    await seen('stopping')
    await sleep(300)
    const { code, lines } = await rest()
    expect(code).toBe(1)
    expect(counts(lines)).toMatchObject({ start: LINES, stop: LINES, 'the last': 1 })
  })

  it('is out after a second signal, too, which ends the process at once', async () => {
    const { child, rest, seen } = unread('--hang')
    await seen('started')
    child.kill('SIGTERM')
    await seen('stopping')
    await sleep(700)
    child.kill('SIGTERM')
    await sleep(300)
    const { code, lines } = await rest()
    expect(code).toBe(143)
    expect(counts(lines)).toMatchObject({ start: LINES, stop: LINES, 'the last': 1 })
    expect(lines.at(-1)).toMatchObject({ level: 40, signal: 'SIGTERM' })
  })

  it('is whole although the program writes to stdout itself, and so is that', async () => {
    const { child, rest, seen } = unread('--print')
    await seen('started')
    child.kill('SIGTERM')
    await seen('stopping')
    const { lines } = await rest()
    expect(counts(lines)).toMatchObject({ start: LINES, stop: LINES, 'the last': 1, print: 500 })
  })

  it('is out through a pipe', async () => {
    const child = start('sh', [
      '-c',
      `'${process.execPath}' '${SENNIT}' run loud.mjs --for 10ms 2>/dev/null | (sleep 1; cat)`,
    ])
    let stdout = ''
    child.stdout!.setEncoding('utf8').on('data', (text: string) => (stdout += text))
    await once(child, 'close')
    expect(counts(events(stdout))).toMatchObject({ start: LINES, stop: LINES, 'the last': 1 })
  })
})

describe('a log that nobody reads', { timeout: 30_000 }, () => {
  it('does not keep the process from its end', async () => {
    const { child, seen } = unread('--for', '10ms')
    await seen('stopping')
    const [code] = (await once(child, 'exit')) as [number | null]
    expect(code).toBe(0)
  })

  it.each([
    ['is gone', '| head -c 1'],
    ['was never there', '>&-'],
  ])('does not end the process when its reader %s', async (_what, reader) => {
    const child = start('sh', [
      '-c',
      `{ '${process.execPath}' '${SENNIT}' run loud.mjs --for 300ms; echo "code $?" >&2; } ${reader}`,
    ])
    let stderr = ''
    child.stderr!.setEncoding('utf8').on('data', (text: string) => (stderr += text))
    await once(child, 'close')
    expect(stderr.trim().split('\n')).toEqual(['started', 'stopping', 'code 0'])
  })

  it('does not end the process either when the module itself writes to it while it is loaded', async () => {
    module(
      'prints.mjs',
      `for (let i = 0; i < 20; i++) {
        console.log('x'.repeat(10_000))
        await new Promise((resolve) => setTimeout(resolve, 10))
      }
      say('loaded')
      export default new Application('app', {}, [])`,
    )
    const child = start('sh', [
      '-c',
      `{ '${process.execPath}' '${SENNIT}' check prints.mjs; echo "code $?" >&2; } | head -c 1`,
    ])
    let stderr = ''
    child.stderr!.setEncoding('utf8').on('data', (text: string) => (stderr += text))
    await once(child, 'close')
    expect(stderr.trim().split('\n')).toEqual(['loaded', 'code 0'])
  })

  it('AP-37 is found out before anything runs when it cannot be written at all', async () => {
    const child = start('sh', ['-c', `'${process.execPath}' '${SENNIT}' run loud.mjs 1</dev/null`])
    let stderr = ''
    child.stderr!.setEncoding('utf8').on('data', (text: string) => (stderr += text))
    const [code] = (await once(child, 'close')) as [number]
    expect([code, stderr]).toEqual([
      74,
      'sennit: Cannot write the log to stdout: EBADF: bad file descriptor, write\n',
    ])
  })
})
