import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { table } from '@sennit/checks/table'
import { Load, type LoadResult } from './support/load.ts'
import { killStarted, start } from './support/started.ts'
import { build, sennitRun } from './support/workspace.ts'

const STOPS = 20
const CLIENTS = 24

/** What the application says that it has seen, and finished. */
interface Served {
  readonly accepted: number
  readonly finished: number
}

interface Stop {
  readonly served: Served
  readonly load: LoadResult
  readonly code: number | null
  readonly took: number
}

/** One process under load, told to stop. */
async function stopUnderLoad(): Promise<Stop> {
  const server = start(process.execPath, sennitRun('express.mjs', '--log-level', 'warn'))
  const [, port] = await server.says(/port (\d+)/)
  const load = new Load(Number(port), CLIENTS)
  await load.reach(300)
  const from = performance.now()
  server.kill('SIGTERM')
  const { code } = await server.ended
  const took = performance.now() - from
  const result = await load.stop()
  const [, served] = await server.says(/served (.*)/)
  return { served: JSON.parse(served!) as Served, load: result, code, took }
}

/** Why connections were closed; that some were refused is as it shall be. */
function causesOf({ causes }: LoadResult): string {
  const others = Object.entries(causes).filter(([cause]) => !cause.startsWith('refused'))
  return others.map(([cause, count]) => `${cause} x ${count}`).join(', ')
}

describe('a process under load that is told to stop', { timeout: 300_000 }, () => {
  beforeAll(build, 180_000)

  afterEach(killStarted)

  it(`answers every request that it has accepted (${STOPS} stops)`, async () => {
    const stops: Stop[] = []
    for (let i = 0; i < STOPS; i++) stops.push(await stopUnderLoad())
    const rows = stops.map(({ served, load, code, took }, at) => [
      at + 1,
      served.accepted,
      load.answered,
      served.accepted - load.answered,
      load.cut + load.lost,
      load.refused,
      Math.round(took),
      code ?? 'killed',
      causesOf(load),
    ])
    const report = table([
      [
        'stop',
        'accepted',
        'answered',
        'lost',
        'closed unasked',
        'refused',
        'took, ms',
        'exit code',
        'causes',
      ],
      ...rows,
    ])
    console.log(report)
    for (const { served, load, code } of stops) {
      expect({ ...served, answered: load.answered, code }, report).toEqual({
        accepted: served.accepted,
        finished: served.accepted,
        answered: served.accepted,
        code: 0,
      })
    }
    // What came in the very last moment, and was never read, is reset by the system: few, and no more than that.
    const unread = stops.reduce((sum, { load }) => sum + load.cut + load.lost, 0)
    expect(unread, report).toBeLessThan((STOPS * CLIENTS) / 5)
  })
})
