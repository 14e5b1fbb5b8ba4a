import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import { setTimeout as wait } from 'node:timers/promises'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { killStarted, track } from './support/started.ts'
import { build, program, python, sennit } from './support/workspace.ts'

type Child = ChildProcessByStdio<Writable, Readable, null>

const children: Child[] = []

/** A program that is told something on its input, and answers by lines. */
class Peer {
  readonly child: Child
  readonly #lines: AsyncIterator<string>

  constructor(command: string, ...args: string[]) {
    this.child = track(spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] }))
    children.push(this.child)
    this.#lines = createInterface({ input: this.child.stdout })[Symbol.asyncIterator]()
  }

  async line(): Promise<string> {
    const { value } = (await this.#lines.next()) as { value: string | undefined }
    if (value === undefined) throw new Error('It has ended')
    return value
  }

  ask(command: string): Promise<string> {
    this.child.stdin.write(`${command}\n`)
    return this.line()
  }
}

interface Load {
  readonly answered: number
  readonly lost: number
  readonly causes: Readonly<Record<string, number>>
  readonly generations: Readonly<Record<string, number>>
}

let manager: Peer
let port: number
let generation: number

async function begin(): Promise<number> {
  generation++
  const command = [
    process.execPath,
    sennit,
    'run',
    program('web.mjs'),
    '--generation',
    generation,
    '--log-level',
    'warn',
  ]
  const [state, pid] = (await manager.ask(`start ${command.join(' ')}`)).split(' ')
  expect(state).toBe('ready')
  return Number(pid)
}

async function end(pid: number): Promise<void> {
  expect(await manager.ask(`stop ${pid}`)).toBe(`ended ${pid} 0`)
}

/** Counts what is asked and answered from now on. */
function startLoad(clients: number): { answered: () => number; stop: () => Promise<Load> } {
  const load = new Peer(process.execPath, program('load.mjs'), String(port), String(clients))
  let answered = 0
  let last = ''
  const reading = (async () => {
    for (;;) {
      last = await load.line()
      if (last.startsWith('{')) return
      answered = Number(last)
    }
  })()
  return {
    answered: () => answered,
    stop: async () => {
      load.child.stdin.end()
      await reading
      return JSON.parse(last) as Load
    },
  }
}

describe('a hot restart', { timeout: 300_000 }, () => {
  beforeAll(build, 180_000)

  afterEach(async () => {
    for (const child of children.splice(0)) {
      // The manager ends what it has started.
      child.stdin.end()
      if (child.exitCode === null && child.signalCode === null)
        await Promise.race([once(child, 'exit'), wait(2000)])
    }
    await killStarted()
  })

  it('loses no request: the new process is ready before the old one drains', async () => {
    const RESTARTS = 20
    const REQUESTS = 100_000
    manager = new Peer('python3', python('manager.py'))
    port = Number(await manager.line())
    generation = 0
    let current = await begin()
    const load = startLoad(16)
    for (let restart = 1; restart <= RESTARTS; restart++) {
      const before = current
      current = await begin()
      await end(before)
    }
    while (load.answered() < REQUESTS) await new Promise((resolve) => setTimeout(resolve, 50))
    const { answered, lost, causes, generations } = await load.stop()
    await end(current)
    console.log(`${RESTARTS} restarts: ${answered} requests answered, ${lost} lost ${JSON.stringify(causes)}`)
    expect({ lost, causes }).toEqual({ lost: 0, causes: {} })
    expect(answered).toBeGreaterThanOrEqual(REQUESTS)
    expect(Object.keys(generations)).toHaveLength(RESTARTS + 1)
  })

  it('loses no request either when the old one has ended before the new one starts', async () => {
    const RESTARTS = 5
    manager = new Peer('python3', python('manager.py'))
    port = Number(await manager.line())
    generation = 0
    let current = await begin()
    const load = startLoad(8)
    for (let restart = 1; restart <= RESTARTS; restart++) {
      const before = load.answered()
      while (load.answered() < before + 1000) await new Promise((resolve) => setTimeout(resolve, 20))
      await end(current)
      current = await begin()
    }
    const { answered, lost, causes, generations } = await load.stop()
    await end(current)
    console.log(
      `${RESTARTS} restarts with a gap: ${answered} requests answered, ${lost} lost ${JSON.stringify(causes)}`,
    )
    expect({ lost, causes }).toEqual({ lost: 0, causes: {} })
    expect(Object.keys(generations).length).toBeGreaterThanOrEqual(RESTARTS)
  })
})
