import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createConnection } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { killStarted, track } from './support/started.ts'
import { build, program, sennit } from './support/workspace.ts'

const RUNS = 208
const AT_ONCE = 4
/** How long a stop may take: the program's hooks take at most 0.2 s each. */
const DEADLINE = 8000

const seed = Number(process.env['SENNIT_SEED'] ?? Date.now() % 1_000_000)

/** A generator of numbers from 0 to 1, the same for the same seed. */
function random(): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** When the signal comes: so long after a phase has begun. */
const PHASES = ['load', 'start', 'run', 'stop'] as const

type Phase = (typeof PHASES)[number]

interface Plan {
  readonly phase: Phase
  readonly delay: number
  readonly signal: 'SIGTERM' | 'SIGINT'
  readonly command: boolean
  readonly pause: number
  /** The second signal comes so long after the first, when there is one. */
  readonly again: number | undefined
}

interface Outcome {
  readonly plan: Plan
  readonly code: number | null
  readonly signal: string | null
  readonly took: number
  readonly phases: readonly string[]
  readonly left: readonly string[]
  readonly stderr: string
}

function plans(): Plan[] {
  const next = random()
  const ranges: Readonly<Record<Phase, number>> = { load: 600, start: 150, run: 100, stop: 0 }
  return Array.from({ length: RUNS }, (_, at) => {
    const phase = PHASES[at % PHASES.length]!
    const late = next() < 0.5
    return {
      phase,
      delay: next() * ranges[phase],
      signal: next() < 0.5 ? 'SIGTERM' : 'SIGINT',
      command: at % 8 < 4,
      pause: phase === 'stop' && late ? 900 : 20 + next() * 100,
      again: phase === 'stop' ? (late ? 550 + next() * 150 : next() * 400) : undefined,
    }
  })
}

/** Settles when the program has noted a phase. */
async function reached(folder: string, phase: string, isOver: () => boolean): Promise<void> {
  const path = join(folder, 'phases')
  while (!isOver() && !(existsSync(path) && readFileSync(path, 'utf8').includes(phase))) await wait(2)
}

async function perform(plan: Plan): Promise<Outcome> {
  const folder = mkdtempSync(join(tmpdir(), 'sennit-signals-'))
  const { phase, command, pause, signal, again } = plan
  const args = command
    ? [
        sennit,
        'run',
        program('shop.mjs'),
        '--folder',
        folder,
        '--pause',
        String(pause),
        '--log-level',
        'warn',
      ]
    : [program('shop.mjs'), folder, String(pause)]
  const child = track(spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe'] }))
  let over = false
  let stderr = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  const ended = once(child, 'close').then((result) => {
    over = true
    return result as [number | null, string | null]
  })
  const mark = { load: undefined, start: 'starting', run: 'started', stop: 'started' }[phase]
  if (mark !== undefined) await reached(folder, mark, () => over)
  await wait(plan.delay)
  const from = performance.now()
  child.kill(signal)
  if (again !== undefined) {
    await wait(again)
    child.kill(signal)
  }
  const [code, killedBy] = await ended
  const took = performance.now() - from
  const phases = existsSync(join(folder, 'phases'))
    ? readFileSync(join(folder, 'phases'), 'utf8').trim().split('\n')
    : []
  const left = await leftovers(folder)
  rmSync(folder, { recursive: true })
  return { plan, code, signal: killedBy, took, phases, left, stderr }
}

/** What a program has left behind: files, ports that are open, children that live. */
async function leftovers(folder: string): Promise<string[]> {
  const found = ['socket', 'lock'].filter((name) => existsSync(join(folder, name)))
  if (existsSync(join(folder, 'ports'))) {
    for (const port of readFileSync(join(folder, 'ports'), 'utf8').split(' ').map(Number)) {
      if (await isOpen(port)) found.push(`port ${port}`)
    }
  }
  if (existsSync(join(folder, 'child'))) {
    const pid = readFileSync(join(folder, 'child'), 'utf8')
    // One that lost its parent sees the end of its input, and needs a moment.
    for (let tries = 0; isAlive(pid) && tries < 100; tries++) await wait(10)
    if (isAlive(pid)) found.push(`child ${pid}`)
  }
  return found
}

function isOpen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection(port, '127.0.0.1')
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}

function isAlive(pid: string): boolean {
  try {
    return (
      readFileSync(`/proc/${pid}/comm`, 'utf8').trim() === 'cat' &&
      !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
    )
  } catch {
    return false
  }
}

/** What must come of it, in words; nothing when it is right. */
function fault({ plan, code, signal, took, phases, left }: Outcome): string | undefined {
  const number = { SIGTERM: 143, SIGINT: 130 }[plan.signal]
  if (took > DEADLINE) return `took ${took.toFixed(0)} ms`
  if (plan.again !== undefined && plan.again > 500) {
    if (code !== number) return `a second signal, late: ended with ${String(code ?? signal)}, not ${number}`
    return left.some((name) => name.startsWith('port') || name.startsWith('child'))
      ? `left ${left.join(', ')}`
      : undefined
  }
  // Nothing is there yet that could be stopped: the signal ends it, by itself or by the command.
  if (!phases.includes('loaded')) {
    if (code !== number && signal !== plan.signal && code !== 0)
      return `while loading: ended with ${String(code ?? signal)}`
  } else if (code !== 0 && !((code === number || signal === plan.signal) && !phases.includes('starting'))) {
    return `ended with ${String(code ?? signal)}`
  }
  return left.length > 0 ? `left ${left.join(', ')}` : undefined
}

describe('signals at any instant', () => {
  beforeAll(build, 180_000)

  afterEach(killStarted)

  it(
    `RX-22 AP-16 end it with the right code, in time, with nothing left (${RUNS} runs)`,
    { timeout: 300_000 },
    async () => {
      console.log(`seed ${seed}`)
      const waiting = plans()
      const outcomes: Outcome[] = []
      const lane = async (): Promise<void> => {
        for (let plan = waiting.shift(); plan !== undefined; plan = waiting.shift())
          outcomes.push(await perform(plan))
      }
      await Promise.all(Array.from({ length: AT_ONCE }, lane))
      console.log(tableOf(outcomes))
      const faults = outcomes.flatMap((outcome) => {
        const what = fault(outcome)
        return what === undefined
          ? []
          : [{ what, plan: outcome.plan, phases: outcome.phases, stderr: outcome.stderr }]
      })
      expect(faults).toEqual([])
      expect(outcomes).toHaveLength(RUNS)
    },
  )
})

function tableOf(outcomes: readonly Outcome[]): string {
  const rows = PHASES.flatMap((phase) =>
    [true, false].map((command) => {
      const these = outcomes.filter(({ plan }) => plan.phase === phase && plan.command === command)
      const codes = new Map<string, number>()
      for (const { code, signal } of these) {
        const end = String(code ?? signal)
        codes.set(end, (codes.get(end) ?? 0) + 1)
      }
      const ends = Array.from(codes, ([end, count]) => `${end} x ${count}`).join(', ')
      const slowest = Math.max(...these.map(({ took }) => took))
      return `${phase}, ${command ? 'sennit run' : 'run()'}: ${these.length} runs; ${ends}; slowest ${slowest.toFixed(0)} ms`
    }),
  )
  return rows.join('\n')
}
