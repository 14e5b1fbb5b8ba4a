import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { table } from '@sennit/checks/table'
import { Load, type LoadResult } from './support/load.ts'
import { killStarted, start, type Started } from './support/started.ts'
import { build, python, sennitRun } from './support/workspace.ts'

/** A service manager in small, and the generations of a program that it runs. */
class Manager {
  readonly #process: Started = start('python3', [python('manager.py')], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  port = 0
  #generation = 0
  #pid = ''
  readonly rows: (string | number)[][] = [['generation', 'ready after, ms', 'the one before it ended in, ms']]

  async begin(): Promise<void> {
    this.port = Number(await this.#process.line())
    await this.#begin()
    this.rows.push([1, 0, ''])
  }

  /** Starts the next generation, and ends the one before it when that is ready. */
  async replace(): Promise<void> {
    const before = this.#pid
    const readyAfter = await this.#begin()
    this.rows.push([this.#generation, readyAfter, await this.#end(before)])
  }

  /** Ends the present generation, and starts the next one then. */
  async replaceWithGap(): Promise<void> {
    const endedIn = await this.#end(this.#pid)
    this.rows.push([this.#generation + 1, await this.#begin(), endedIn])
  }

  /** Ends the present generation, and the manager itself, which clears its folder away. */
  async end(): Promise<void> {
    await this.#end(this.#pid)
    this.#process.child.stdin!.end()
    await this.#process.ended
  }

  async #begin(): Promise<number> {
    this.#generation++
    const from = performance.now()
    const args = sennitRun('web.mjs', '--generation', String(this.#generation), '--log-level', 'warn')
    const [state, pid] = (await this.#process.ask(`start ${[process.execPath, ...args].join(' ')}`)).split(
      ' ',
    )
    if (state !== 'ready')
      throw new Error(`Generation ${this.#generation} has not become ready: it ${state} ${pid}`)
    this.#pid = pid!
    return Math.round(performance.now() - from)
  }

  async #end(pid: string): Promise<number> {
    const from = performance.now()
    const answer = await this.#process.ask(`stop ${pid}`)
    if (answer !== `ended ${pid} 0`) throw new Error(`A generation has not stopped well: ${answer}`)
    return Math.round(performance.now() - from)
  }
}

/** Nothing that was asked may fail in any way. */
function expectNothingLost({ lost, cut, refused, causes }: LoadResult): void {
  expect({ lost, cut, refused, causes }).toEqual({ lost: 0, cut: 0, refused: 0, causes: {} })
}

function report(
  what: string,
  { rows }: Manager,
  { answered, lost, cut, refused, slowest, answers }: LoadResult,
): void {
  const [head, ...rest] = rows
  const all = [[...head!, 'answered'], ...rest.map((row) => [...row, answers[`generation ${row[0]}`] ?? 0])]
  console.log(
    `${table(all)}\n${what}: ${answered} answered, ${lost} lost, ${cut} cut, ${refused} refused; the slowest answer took ${slowest.toFixed(0)} ms`,
  )
}

describe('a hot restart', { timeout: 400_000 }, () => {
  beforeAll(build, 180_000)

  afterEach(killStarted)

  it('loses no request: the new process is ready before the old one drains', async () => {
    const RESTARTS = 20
    const REQUESTS = 100_000
    const manager = new Manager()
    await manager.begin()
    const load = new Load(manager.port, 16)
    for (let restart = 1; restart <= RESTARTS; restart++) {
      await load.reach((REQUESTS / (RESTARTS + 1)) * restart)
      await manager.replace()
    }
    await load.reach(REQUESTS)
    const result = await load.stop()
    await manager.end()
    report(`${RESTARTS} restarts`, manager, result)
    expectNothingLost(result)
    expect(result.answered).toBeGreaterThanOrEqual(REQUESTS)
    // Each generation has had its share of the work, and nobody else answered.
    expect(Object.keys(result.answers)).toHaveLength(RESTARTS + 1)
  })

  it('loses no request either when the old process has ended before the new one starts', async () => {
    const RESTARTS = 5
    const manager = new Manager()
    await manager.begin()
    const load = new Load(manager.port, 8)
    for (let restart = 1; restart <= RESTARTS; restart++) {
      await load.reach(load.answered + 1000)
      await manager.replaceWithGap()
    }
    await load.reach(load.answered + 1000)
    const result = await load.stop()
    await manager.end()
    report(`${RESTARTS} restarts with a gap`, manager, result)
    expectNothingLost(result)
    expect(Object.keys(result.answers)).toHaveLength(RESTARTS + 1)
  })
})
