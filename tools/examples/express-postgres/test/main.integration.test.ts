import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { setTimeout as wait } from 'node:timers/promises'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { postgresPrograms, PostgresServer } from '@sennit/peers/postgres'

const here = join(import.meta.dirname, '..')
const sennit = join(here, '../../../packages/cli/dist/sennit.js')
const programs = postgresPrograms()

let server: PostgresServer
let child: ChildProcess | undefined

/** Starts the program; settles with its address, or with what it says when it cannot start. */
async function start(
  env: Readonly<Record<string, string>>,
): Promise<{ url: string; output: Promise<string> }> {
  const args = [sennit, 'run', join(here, 'dist/main.js'), '--port', '0', '--status=tcp:0']
  child = spawn(process.execPath, args, {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const output = text(child.stderr!)
  let log = ''
  for await (const chunk of child.stdout!.setEncoding('utf8').iterator({ destroyOnReturn: false })) {
    log += chunk as string
    if (log.includes('has started')) break
  }
  child.stdout!.resume()
  if (!log.includes('has started')) return { url: '', output }
  const status = /http:\/\/127\.0\.0\.1:\d+\//.exec(log)![0]
  const tree = JSON.stringify(await (await fetch(`${status}tree.json`)).json())
  const port = /"name":"web".*?"address":"tcp:127\.0\.0\.1:(\d+)"/.exec(tree)?.[1]
  return { url: `http://127.0.0.1:${port}`, output }
}

describe.skipIf(programs === undefined)('the server with PostgreSQL', { timeout: 60_000 }, () => {
  beforeAll(async () => {
    const tsc = join(here, 'node_modules/typescript/bin/tsc')
    execFileSync(process.execPath, [tsc, '-b', here], { stdio: 'inherit' })
    server = new PostgresServer(programs!)
    await server.start()
  }, 180_000)

  afterEach(() => child?.kill('SIGKILL'))

  afterAll(() => server?.dispose())

  const env = () => ({
    PGHOST: server.where.host,
    PGUSER: server.where.user,
    PGDATABASE: server.where.database,
  })

  it('answers and writes what was asked when SIGTERM comes, closes its connections last, and ends with 0', async () => {
    const { url } = await start(env())
    const add = (note: string): Promise<Response> =>
      fetch(`${url}/notes`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ text: note }),
      })
    expect((await add('first')).status).toBe(201)
    expect(await (await fetch(`${url}/healthz`)).text()).toBe('ok')

    const other = new pg.Client(server.where)
    await other.connect()
    await other.query('begin; lock table notes in access exclusive mode')
    const waiting = add('asked before the end')
    await wait(300)
    const ended = once(child!, 'exit')
    child!.kill('SIGTERM')
    await wait(300)
    await expect(fetch(`${url}/notes`)).rejects.toMatchObject({ cause: { code: 'ECONNREFUSED' } })
    await other.query('commit')

    expect((await waiting).status).toBe(201)
    expect(await ended).toEqual([0, null])
    const { rows } = await other.query('select text from notes order by id')
    expect(rows).toEqual([{ text: 'first' }, { text: 'asked before the end' }])
    const { rows: sessions } = await other.query(
      `select count(*)::int as others from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()`,
    )
    expect(sessions).toEqual([{ others: 0 }])
    await other.end()
  })

  it('does not start without its database, and says why', async () => {
    const { output } = await start({ ...env(), PGHOST: '/nowhere' })
    expect(await once(child!, 'exit')).toEqual([1, null])
    expect(await output).toMatch(/notes\/database.*ENOENT/)
  })
})
