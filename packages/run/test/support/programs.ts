/** Programs of a test: they run what was built, as they do for users. */
import { type ChildProcessByStdio, execFileSync, spawn, type SpawnOptions } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { Readable } from 'node:stream'

const folder = join(import.meta.dirname, '../..')

export function build(): void {
  const builder = join(folder, '../../tools/build/build.js')
  execFileSync(process.execPath, [builder, folder, join(folder, '../service')], { stdio: 'inherit' })
}

const PRELUDE = `
  import { run } from '@sennit/run'
  import { Application, hooks } from '@sennit/service'
  const say = (text) => process.stdout.write(text + '\\n')
`

/** A program that runs. */
export interface Running {
  readonly child: ChildProcessByStdio<null, Readable, Readable>
  /** Settles when it has printed a line. */
  line(text: string): Promise<void>
  /** Settles when it has ended. */
  readonly ended: Promise<{ code: number | null; signal: string | null; stdout: string; stderr: string }>
}

/** Starts a program, with a command in front of it, such as one that makes a namespace. */
export function start(code: string, options: SpawnOptions & { before?: readonly string[] } = {}): Running {
  const { before = [], ...rest } = options
  const [command, ...args] = [...before, process.execPath, '--input-type=module', '-e', PRELUDE + code]
  const child = spawn(command!, args, {
    cwd: folder,
    ...rest,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  const ended = once(child, 'close').then(([exit, signal]) => ({
    code: exit as number | null,
    signal: signal as string | null,
    stdout,
    stderr,
  }))
  const line = async (text: string): Promise<void> => {
    const isThere = (): boolean => stdout.split('\n').includes(text)
    while (!isThere()) {
      const more = once(child.stdout, 'data')
      more.catch(() => {})
      if ((await Promise.race([more, ended.then(() => undefined)])) === undefined && !isThere()) {
        throw new Error(`It ended without ${text}: ${stdout}${stderr}`)
      }
    }
  }
  return { child, line, ended }
}
