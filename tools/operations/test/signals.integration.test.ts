import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { Agent, get } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { table } from '@sennit/checks/table'
import { seededRandom } from '@sennit/testing'
import { listeningAt, processesWith } from './support/leftovers.ts'
import { type Ended, killStarted, start, type Started } from './support/started.ts'
import { build, program, sennitRun } from './support/workspace.ts'

/** How many of each kind, by the command and by `run()` in a main module of its own. */
const RUNS = { load: 20, start: 26, run: 26, stop: 16, twice: 16 } as const
const AT_ONCE = 4

/** `SENNIT_SEED` repeats another run. */
const seed = Number(process.env['SENNIT_SEED'] ?? Date.now() % 1_000_000)

/** How long a stop may take: the program's hooks take at most 0.1 s each, but the machine may be busy. */
const DEADLINE = 8000

/** What was going on when the signal came; in `twice`, another one comes during the stop. */
type Phase = keyof typeof RUNS

const NUMBERS = { SIGTERM: 143, SIGINT: 130 } as const

interface Plan {
  readonly phase: Phase
  readonly command: boolean
  readonly signal: 'SIGTERM' | 'SIGINT'
  /** So long after the phase has begun, in milliseconds; in `load`, in times that a load takes on an idle machine. */
  readonly delay: number
  /** How long hooks take. */
  readonly starts: number
  readonly stops: number
  /** So long after the first signal the same one comes again. */
  readonly again: number | undefined
}

interface Outcome {
  readonly plan: Plan
  readonly code: number | null
  readonly killedBy: string | null
  readonly took: number
  readonly answered: number
  readonly left: readonly string[]
  readonly stderr: string
}

function plans(): Plan[] {
  const next = seededRandom(seed)
  const ranges: Readonly<Record<Phase, number>> = { load: 2, start: 150, run: 100, stop: 40, twice: 0 }
  return (Object.keys(RUNS) as Phase[]).flatMap((phase) =>
    [true, false].flatMap((command) =>
      Array.from({ length: RUNS[phase] }, (): Plan => {
        const signal = next() < 0.5 ? 'SIGTERM' : 'SIGINT'
        const delay = next() * ranges[phase]
        // A stop that is to be cut short does not end by itself.
        if (phase === 'twice')
          return { phase, command, signal, delay, starts: 10, stops: 60_000, again: 550 + next() * 150 }
        const again = next() < 0.4 ? next() * 200 : undefined
        return { phase, command, signal, delay, starts: 20 + next() * 80, stops: 20 + next() * 80, again }
      }),
    ),
  )
}

function launch(plan: Pick<Plan, 'command' | 'starts' | 'stops'>, folder: string): Started {
  const [starts, stops] = [String(plan.starts), String(plan.stops)]
  const args = plan.command
    ? sennitRun('shop.mjs', '--folder', folder, '--start', starts, '--stop', stops, '--log-level', 'warn')
    : [program('shop.mjs'), folder, starts, stops]
  // Its temporary files would be found in its folder, too; what it starts is known by a variable.
  return start(process.execPath, args, { env: { ...process.env, TMPDIR: folder, SENNIT_TEST_RUN: folder } })
}

/** How long the program takes until it has been loaded. */
async function timeToLoad(command: boolean): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'sennit-signals-'))
  const from = performance.now()
  const shop = launch({ command, starts: 0, stops: 0 }, folder)
  await shop.says(/loaded/)
  const took = performance.now() - from
  shop.kill('SIGTERM')
  await shop.ended
  rmSync(folder, { recursive: true })
  return took
}

/** Asks as long as it is answered. */
function ask(port: number): { readonly answered: number; stop(): void } {
  const agent = new Agent({ keepAlive: true })
  const asking = { answered: 0, stop: () => agent.destroy() }
  const once = (): void => {
    get({ host: '127.0.0.1', port, agent }, (response) => {
      response.resume().on('end', () => {
        asking.answered++
        once()
      })
    }).on('error', () => {})
  }
  for (let i = 0; i < 3; i++) once()
  return asking
}

/** Settles when the program is where the signal shall find it, or has ended before. */
async function reach(shop: Started, { phase, delay }: Plan, loads: number): Promise<void> {
  if (phase === 'load') {
    await wait(delay * loads)
    return
  }
  await shop.says(phase === 'start' ? /starting/ : /started/).catch(() => {})
  await wait(delay)
}

async function perform(plan: Plan, loads: number): Promise<Outcome> {
  const folder = mkdtempSync(join(tmpdir(), 'sennit-signals-'))
  const shop = launch(plan, folder)
  let load: ReturnType<typeof ask> | undefined
  let ports: number[] = []
  const asking = shop.says(/ports (\d+) (\d+)/).then(
    (found) => {
      ports = found.slice(1).map(Number)
      load = ask(ports[0]!)
    },
    () => {},
  )
  await reach(shop, plan, loads)
  let from = performance.now()
  shop.kill(plan.signal)
  if (plan.phase === 'stop' || plan.phase === 'twice') await shop.says(/stopping/).catch(() => {})
  if (plan.again !== undefined) {
    await wait(plan.again)
    if (plan.phase === 'twice') from = performance.now()
    shop.kill(plan.signal)
  }
  const { code, signal: killedBy, stderr } = await endOf(shop)
  const took = performance.now() - from
  await asking
  load?.stop()
  const left = await leftovers(folder, ports)
  rmSync(folder, { recursive: true })
  return { plan, code, killedBy, took, answered: load?.answered ?? 0, left, stderr }
}

/** One that does not end is killed, long after it should have: the others are still to come. */
async function endOf(shop: Started): Promise<Ended> {
  const killing = setTimeout(() => shop.kill('SIGKILL'), 2 * DEADLINE)
  const ended = await shop.ended
  clearTimeout(killing)
  return ended
}

async function leftovers(folder: string, ports: readonly number[]): Promise<string[]> {
  let processes = processesWith(`SENNIT_TEST_RUN=${folder}`)
  // The child of one that was killed sees the end of its input, and needs a moment.
  for (let tries = 0; processes.length > 0 && tries < 100; tries++) {
    await wait(20)
    processes = processesWith(`SENNIT_TEST_RUN=${folder}`)
  }
  return [
    ...readdirSync(folder).map((name) => `file ${name}`),
    ...processes.map((each) => `process ${each}`),
    ...listeningAt(ports).map((port) => `port ${port}`),
  ]
}

/** What must not have come of it; nothing when all is right. */
function fault({ plan, code, killedBy, took, left, stderr }: Outcome): string | undefined {
  const number = NUMBERS[plan.signal]
  const end = String(code ?? killedBy)
  if (took > DEADLINE) return `took ${took.toFixed(0)} ms`
  if (plan.phase === 'twice') {
    if (code !== number) return `a second signal, late: ended with ${end}, not ${number}`
    // It had no time for its files; the next start takes the socket over.
    const rest = left.filter((each) => !each.startsWith('file'))
    return rest.length > 0 ? `left ${rest.join(', ')}` : undefined
  }
  if (left.length > 0) return `left ${left.join(', ')}`
  if (stderr.includes('starting')) return code === 0 ? undefined : `ended with ${end}`
  // Nothing had been started: Node ends by the signal itself until somebody listens, the command with its number while it loads.
  const isSudden = plan.command ? code === number || killedBy === plan.signal : killedBy === plan.signal
  const isOrderly = code === 0 && stderr.includes('loaded')
  return isSudden || isOrderly ? undefined : `while loading: ended with ${end}`
}

describe('signals', () => {
  beforeAll(build, 180_000)

  afterEach(killStarted)

  it(
    'RX-22 AP-16 end a program at any instant with the right code, in time, with nothing left',
    { timeout: 400_000 },
    async () => {
      console.log(`seed ${seed}`)
      const loads = { command: await timeToLoad(true), own: await timeToLoad(false) }
      const waiting = plans()
      const count = waiting.length
      const outcomes: Outcome[] = []
      const lane = async (): Promise<void> => {
        for (let plan = waiting.pop(); plan !== undefined; plan = waiting.pop())
          outcomes.push(await perform(plan, plan.command ? loads.command : loads.own))
      }
      await Promise.all(Array.from({ length: AT_ONCE }, lane))
      console.log(table(rowsOf(outcomes)))
      const faults = outcomes
        .map((outcome) => ({ what: fault(outcome), plan: outcome.plan, stderr: outcome.stderr }))
        .filter(({ what }) => what !== undefined)
      expect(faults).toEqual([])
      expect(outcomes).toHaveLength(count)
      expect(count).toBeGreaterThanOrEqual(200)
    },
  )

  it.each([
    ['run()', [program('quick.mjs')]],
    ['sennit run', sennitRun('quick.mjs', '--log-level', 'warn')],
  ])(
    'RX-23 that npm hands on a second time do not end what has stopped well by %s, however soon it ends',
    { timeout: 120_000 },
    async (_name, args) => {
      const ends: string[] = []
      for (let delay = 0; delay < 15; delay++) {
        const quick = start(process.execPath, args)
        await quick.says(/started/)
        // The start has to come to its end, too.
        await wait(30)
        const from = performance.now()
        quick.kill('SIGINT')
        while (performance.now() - from < delay);
        quick.kill('SIGINT')
        const { code, signal } = await quick.ended
        if (code !== 0) ends.push(`${delay} ms: ${String(code ?? signal)}`)
      }
      expect(ends).toEqual([])
    },
  )

  it.each(['module', 'function'])(
    'AP-48 are not lost while the %s of an application keeps the loop from turning',
    { timeout: 60_000 },
    async (where) => {
      const blocking = start(process.execPath, sennitRun('blocking.mjs'))
      await blocking.says(new RegExp(`blocking: ${where}`))
      await wait(50)
      const from = performance.now()
      blocking.kill('SIGTERM')
      const { code, signal } = await blocking.ended
      expect([0, NUMBERS.SIGTERM]).toContain(code)
      expect(signal).toBeNull()
      expect(performance.now() - from).toBeLessThan(DEADLINE)
    },
  )
})

function rowsOf(outcomes: readonly Outcome[]): (string | number)[][] {
  const rows: (string | number)[][] = [
    ['phase', 'by', 'runs', 'two signals', 'answered', 'slowest stop, ms', 'exit codes'],
  ]
  for (const phase of Object.keys(RUNS) as Phase[]) {
    for (const command of [true, false]) {
      const these = outcomes.filter(({ plan }) => plan.phase === phase && plan.command === command)
      const codes = new Map<string, number>()
      for (const { code, killedBy } of these) {
        const end = String(code ?? killedBy)
        codes.set(end, (codes.get(end) ?? 0) + 1)
      }
      rows.push([
        phase,
        command ? 'sennit run' : 'run()',
        these.length,
        these.filter(({ plan }) => plan.again !== undefined).length,
        these.reduce((sum, { answered }) => sum + answered, 0),
        Math.round(Math.max(...these.map(({ took }) => took))),
        Array.from(codes, ([end, count]) => `${end} x ${count}`).join(', '),
      ])
    }
  }
  return rows
}
