/**
 * The processor time that a server needs for one operation of its clients.
 *
 * @module
 */
import type { Figures } from '../comparison.ts'
import { cpuSeconds } from './cpu-time.ts'
import { LineProcess } from './line-process.ts'
import { pinned } from './pinned.ts'

/** What the clients do. */
export interface Load {
  /** The command that puts a port under load, without what follows: port, connections, bytes, warm-up and operations. */
  readonly command: readonly string[]
  readonly connections: number
  readonly bytes: number
  /** Operations before anything is counted. */
  readonly warmUp: number
  readonly operations: number
}

/** @returns `cpu`: microseconds of processor time of the server for one operation; `rate`: operations a second */
export async function serverCpu(server: readonly string[], load: Load): Promise<Figures> {
  await using serving = new LineProcess(pinned(0, server))
  const { port } = JSON.parse(await serving.line()) as { readonly port: number }
  const { connections, bytes, warmUp, operations } = load
  const numbers = [port, connections, bytes, warmUp, operations].map(String)
  await using loading = new LineProcess(pinned(1, [...load.command, ...numbers]))
  await expectLine(loading, 'ready')
  const before = cpuSeconds(serving.pid)
  loading.say('go')
  const seconds = Number((await expectLine(loading, 'done')).slice('done '.length))
  const used = cpuSeconds(serving.pid) - before
  return { cpu: (used / operations) * 1e6, rate: operations / seconds }
}

async function expectLine(loading: LineProcess, expected: string): Promise<string> {
  const line = await loading.line()
  if (!line.startsWith(expected)) throw new Error(`the load said '${line}' instead of '${expected}'`)
  return line
}
