import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect as connectTCP } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { postgresPrograms, PostgresServer } from '@sennit/peers/postgres'
import { application } from '../src/main.ts'
import { Notes } from '../src/notes.ts'

const here = join(import.meta.dirname, '..')
const sennit = join(here, '../../../packages/cli/dist/sennit.js')
const programs = postgresPrograms()

let server: PostgresServer
let child: ChildProcess | undefined
const cleanups: (() => unknown)[] = []

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
    const builder = join(here, '../../../tools/build/build.js')
    execFileSync(process.execPath, [builder, here], { stdio: 'inherit' })
    server = new PostgresServer(programs!)
    await server.start()
  }, 180_000)

  afterEach(async () => {
    child?.kill('SIGKILL')
    for (const cleanup of cleanups.splice(0).toReversed()) await cleanup()
  })

  afterAll(() => server?.dispose())

  const env = () => ({
    PGHOST: server.where.host,
    PGUSER: server.where.user,
    PGDATABASE: server.where.database,
  })

  /** A client that looks at the database. */
  async function connect(): Promise<pg.Client> {
    const client = new pg.Client(server.where)
    await client.connect()
    cleanups.push(() => client.end())
    return client
  }

  /** Nothing can be written until what it yields is called. */
  async function lock(): Promise<() => Promise<unknown>> {
    const holder = await connect()
    await holder.query('begin; lock table notes in access exclusive mode')
    return () => holder.query('commit')
  }

  /** How many connections of the program wait for the lock. */
  async function waiting(observer: pg.Client): Promise<number> {
    const { rows } = await observer.query<{ waiting: number }>(
      `select count(*)::int as waiting from pg_stat_activity where query like 'insert %' and wait_event_type = 'Lock'`,
    )
    return rows[0]!.waiting
  }

  /** How many connections the program has. */
  async function sessions(observer: pg.Client): Promise<number> {
    const { rows } = await observer.query<{ all: number }>(
      `select count(*)::int as all from pg_stat_activity where application_name = 'notes'`,
    )
    return rows[0]!.all
  }

  function add(url: string, note: string): Promise<Response> {
    return fetch(`${url}/notes`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ text: note }),
    })
  }

  async function refuses(url: string): Promise<boolean> {
    const socket = connectTCP(Number(new URL(url).port), '127.0.0.1')
    const error = await once(socket, 'connect').then(
      () => undefined,
      (reason: NodeJS.ErrnoException) => reason,
    )
    socket.destroy()
    return error?.code === 'ECONNREFUSED'
  }

  it('answers and writes what was asked when SIGTERM comes, closes its connections last, and ends with 0', async () => {
    const { url } = await start(env())
    expect((await add(url, 'first')).status).toBe(201)
    expect(await (await fetch(`${url}/healthz`)).text()).toBe('ok')

    const observer = await connect()
    const unlock = await lock()
    // More than the pool has connections: the rest waits in the program.
    const sent = Array.from({ length: 25 }, (_, at) => `note ${at}`)
    const answers = Promise.all(sent.map((note) => add(url, note)))
    await expect.poll(() => waiting(observer), { timeout: 10_000 }).toBe(10)
    const ended = once(child!, 'exit')
    child!.kill('SIGTERM')
    await expect.poll(() => refuses(url), { timeout: 10_000 }).toBe(true)
    expect(await waiting(observer)).toBe(10)
    expect(await sessions(observer)).toBe(10)
    await unlock()

    expect((await answers).map(({ status }) => status)).toEqual(sent.map(() => 201))
    expect(await ended).toEqual([0, null])
    const { rows } = await observer.query<{ text: string }>('select text from notes order by id')
    expect(rows.map((row) => row.text).toSorted()).toEqual(['first', ...sent].toSorted())
    expect(await sessions(observer)).toBe(0)
  })

  it('answers with 503 what the database does not finish in time, and still ends with 0', async () => {
    const { url } = await start(env())
    const observer = await connect()
    const unlock = await lock()
    const answer = add(url, 'never')
    await expect.poll(() => waiting(observer), { timeout: 10_000 }).toBe(1)
    const ended = once(child!, 'exit')
    child!.kill('SIGTERM')
    expect((await answer).status).toBe(503)
    expect(await ended).toEqual([0, null])
    await unlock()
    expect((await observer.query(`select from notes where text = 'never'`)).rowCount).toBe(0)
  })

  it('leaves no connection when the table cannot be made, and does not listen', async () => {
    const observer = await connect()
    await observer.query('create role reader login')
    const { host, database } = server.where
    const app = application({
      port: '0',
      database: `postgres://reader@localhost/${database}?host=${encodeURIComponent(host)}`,
    })
    await expect(app.startService()).rejects.toThrow(/notes\/table.*permission denied/)
    expect(app.getServiceNamed('web').running).toBe(false)
    await expect.poll(() => sessions(observer)).toBe(0)
  })

  it('makes the table once, although several begin at the same time', async () => {
    const observer = await connect()
    const pools = Array.from({ length: 10 }, () => new pg.Pool(server.where))
    cleanups.push(() => Promise.all(pools.map((pool) => pool.end())))
    for (let round = 0; round < 5; round++) {
      await observer.query('drop table if exists notes')
      await Promise.all(pools.map((pool) => new Notes(pool).migrate()))
    }
    expect(await new Notes(pools[0]!).list()).toEqual([])
  })

  it('does not start without its database, and says why', async () => {
    const { output } = await start({ ...env(), PGHOST: '/nowhere' })
    expect(await once(child!, 'exit')).toEqual([1, null])
    expect(await output).toMatch(/notes\/table.*ENOENT/)
  })
})
