import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { killStarted, track } from './support/started.ts'
import { build, program, sennit } from './support/workspace.ts'

const STOPS = 20
const CLIENTS = 24

interface Load {
  readonly answered: number
  readonly lost: number
  readonly causes: Readonly<Record<string, number>>
}

interface Served {
  readonly accepted: number
  readonly finished: number
}

/** One process under load, told to stop: what it says that it has accepted, and what the clients say that they got. */
async function stopUnderLoad(): Promise<{ served: Served; load: Load; code: number; took: number }> {
  const folder = mkdtempSync(join(tmpdir(), 'sennit-drain-'))
  const server = track(
    spawn(
      process.execPath,
      [
        sennit,
        'run',
        program('express.mjs'),
        '--folder',
        folder,
        '--log-level',
        'warn',
        '--drain-delay',
        '50ms',
      ],
      { stdio: ['ignore', 'inherit', 'inherit'] },
    ),
  )
  const ended = once(server, 'close')
  const portFile = join(folder, 'port')
  while (!(existsSync(portFile) && readFileSync(portFile, 'utf8') !== '')) await wait(5)
  const port = readFileSync(portFile, 'utf8')
  const client = track(
    spawn(process.execPath, [program('load.mjs'), port, String(CLIENTS)], {
      stdio: ['pipe', 'pipe', 'inherit'],
    }),
  )
  let text = ''
  client.stdout.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
  const loaded = once(client, 'close')
  while (Number(text.trim().split('\n').at(-1)) < 200) await wait(10)
  const from = performance.now()
  server.kill('SIGTERM')
  const [code] = (await ended) as [number]
  const took = performance.now() - from
  client.stdin.end()
  await loaded
  const served = JSON.parse(readFileSync(join(folder, 'served'), 'utf8')) as Served
  rmSync(folder, { recursive: true })
  return { served, load: JSON.parse(text.trim().split('\n').at(-1)!) as Load, code, took }
}

describe('a process under load that is told to stop', { timeout: 300_000 }, () => {
  beforeAll(build, 180_000)

  afterEach(killStarted)

  it(`answers every request that it has accepted (${STOPS} stops)`, async () => {
    const rows: string[] = []
    let requests = 0
    for (let stop = 1; stop <= STOPS; stop++) {
      const { served, load, code, took } = await stopUnderLoad()
      requests += served.accepted
      rows.push(
        `${stop}: accepted ${served.accepted}, answered ${load.answered}; not accepted ${JSON.stringify(load.causes)}; ${took.toFixed(0)} ms`,
      )
      expect({ ...served, answered: load.answered, code }, rows.join('\n')).toEqual({
        accepted: served.accepted,
        finished: served.accepted,
        answered: served.accepted,
        code: 0,
      })
    }
    console.log(`${rows.join('\n')}\n${STOPS} stops, ${requests} requests accepted, 0 lost`)
  })
})
