import { type ChildProcess, execFileSync, spawn, type SpawnOptions } from 'node:child_process'
import { once } from 'node:events'
import { symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeAll } from 'vitest'
import { folderWith, write } from './folder.ts'

const packageFolder = join(import.meta.dirname, '../..')

/** The command, as it is built. */
export const SENNIT = join(packageFolder, 'dist/sennit.js')

/** What a run has come to. */
interface Result {
  readonly code: number | null
  readonly signal: string | null
  readonly stdout: string
  readonly stderr: string
  /** The lines of stderr. */
  readonly messages: string[]
}

/** A text, and what is done at the first output that contains it. */
type Then = readonly [at: string, then: (child: ChildProcess, output: string) => unknown]

/** Modules, and the command as a user has it: built, in a process of its own, beside a `node_modules`. */
export interface Project {
  readonly folder: string
  /** Writes a module that may use the usual imports; yields its name. */
  module(name: string, text: string): string
  /** Runs the command to its end. */
  sennit(args: readonly string[], ...then: readonly Then[]): Promise<Result>
  /** Starts any program there; ended when the test is over. */
  start(program: string, args: readonly string[], options?: SpawnOptions): ChildProcess
}

const IMPORTS = `
  import { service } from '@sennit/endpoints'
  import { Application, hooks, MultiService, Service, ServiceMaker } from '@sennit/service'
  const say = (text) => process.stderr.write(text + '\\n')
  const protocol = { buildProtocol() {}, doStart() {}, doStop() {} }
`

/** A folder for the tests of a file. */
export function project(files: Readonly<Record<string, string | object>> = {}): Project {
  const folder = folderWith(files)
  const running: ChildProcess[] = []

  beforeAll(() => {
    const builder = join(packageFolder, '../../tools/build/build.js')
    execFileSync(process.execPath, [builder, packageFolder], { stdio: 'inherit' })
    symlinkSync(join(packageFolder, 'node_modules'), join(folder, 'node_modules'))
  }, 180_000)

  afterEach(() => {
    for (const child of running.splice(0)) child.kill('SIGKILL')
  })

  const start = (program: string, args: readonly string[], options: SpawnOptions = {}): ChildProcess => {
    const child = spawn(program, args, { cwd: folder, ...options })
    running.push(child)
    return child
  }
  return {
    folder,
    start,
    module: (name, text) => {
      write(folder, { [name]: IMPORTS + text })
      return name
    },
    sennit: (args, ...then) => result(start(process.execPath, [SENNIT, ...args]), then),
  }
}

/** What a process writes until it ends; each `then` is done in its turn. */
async function result(child: ChildProcess, then: readonly Then[] = []): Promise<Result> {
  let stdout = ''
  let stderr = ''
  const waiting = [...then]
  const seen = (): void => {
    if (waiting[0] === undefined || !(stdout + stderr).includes(waiting[0][0])) return
    void waiting.shift()![1](child, stdout + stderr)
    seen()
  }
  child.stdout!.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
    seen()
  })
  child.stderr!.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
    seen()
  })
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null]
  return { code, signal, stdout, stderr, messages: stderr.trim().split('\n') }
}

/** The log lines of a run. */
export function events(stdout: string): Record<string, unknown>[] {
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>)
}
