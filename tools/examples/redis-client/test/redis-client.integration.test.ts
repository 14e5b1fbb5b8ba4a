import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as wait } from 'node:timers/promises'
import { MemoryLog } from '@sennit/testing'
import { afterEach, describe, expect, it } from 'vitest'
import { RedisClient, type RedisClientOptions, RedisError } from '../src/index.ts'
import { hasRedis, RedisServer } from './support/redis-server.ts'

const folder = join(import.meta.dirname, '..')
const cleanups: (() => unknown)[] = []

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup()
})

async function startServer(options?: readonly string[]): Promise<RedisServer> {
  const server = new RedisServer(options)
  cleanups.push(() => server.dispose())
  await server.start()
  return server
}

async function startClient(server: RedisServer, options: RedisClientOptions = {}): Promise<RedisClient> {
  const redis = new RedisClient(server.place, { retryPolicy: () => 0.05, log: new MemoryLog(), ...options })
  cleanups.push(() => redis.stopService())
  await redis.startService()
  return redis
}

describe.skipIf(!hasRedis)('RedisClient with a real server', { timeout: 60_000 }, () => {
  it('sets and gets, what has any bytes and what is long', async () => {
    const redis = await startClient(await startServer())
    const long = 'é\r\n'.repeat(1_000_000)
    expect(await redis.command('SET', 'short', '$3\r\nabc\r\n')).toBe('OK')
    expect(await redis.command('SET', 'long', long)).toBe('OK')
    expect(await redis.command('MGET', 'short', 'none', 'long')).toEqual(['$3\r\nabc\r\n', null, long])
  })

  it('gets ten thousand replies in the order in which it has asked, errors where they belong', async () => {
    const redis = await startClient(await startServer())
    await redis.command('SET', 'text', 'no list')
    const asked = Array.from({ length: 10_000 }, (_, at) =>
      at % 1000 === 999 ? redis.command('LPUSH', 'text', at) : redis.command('ECHO', at),
    )
    const replies = await Promise.allSettled(asked)
    for (const [at, reply] of replies.entries())
      if (at % 1000 === 999)
        expect(reply).toMatchObject({ status: 'rejected', reason: { code: 'WRONGTYPE' } })
      else expect(reply).toEqual({ status: 'fulfilled', value: String(at) })
  })

  it('has the errors of a transaction as values', async () => {
    const redis = await startClient(await startServer())
    const replies = [['MULTI'], ['SET', 'a', 'text'], ['INCR', 'a'], ['STRLEN', 'a'], ['EXEC']].map((words) =>
      redis.command(...words),
    )
    expect((await Promise.all(replies)).at(-1)).toEqual(['OK', expect.any(RedisError), 4])
  })

  it('goes on by itself after a kill -9 and a restart, and nothing hangs', async () => {
    const server = await startServer()
    const redis = await startClient(server, { patience: '10s' })
    await redis.whenConnected({ timeout: '10s' })
    const counted: Promise<unknown>[] = []
    const counting = setInterval(
      () => counted.push(redis.command('INCR', 'count').catch((error: unknown) => error)),
      1,
    )
    cleanups.push(() => clearInterval(counting))
    await expect.poll(() => counted.length).toBeGreaterThan(100)

    // A burst is on its way when the server dies.
    for (let more = 0; more < 5000; more++)
      counted.push(redis.command('INCR', 'count').catch((error: unknown) => error))
    await server.kill()
    await expect.poll(() => redis.connectionState.failures, { timeout: 10_000 }).toBeGreaterThan(1)
    const kept = redis.command('INCR', 'count')
    await wait(200)
    expect(redis.current).toBeUndefined()
    await server.start()

    expect(await kept).toBeTypeOf('number')
    await redis.command('PING')
    clearInterval(counting)
    const replies = [...(await Promise.all(counted)), await kept]
    const answered = replies.filter((reply) => typeof reply === 'number')
    const lost = replies.filter((reply) => (reply as { code?: unknown }).code === 'ERR_REDIS_REPLY_LOST')
    expect(answered.length + lost.length).toBe(replies.length)
    // Each was done once at most; what was answered was done, what was lost may have been.
    expect(new Set(answered).size).toBe(answered.length)
    const count = Number(await redis.command('GET', 'count'))
    expect(count).toBeGreaterThanOrEqual(answered.length)
    expect(count).toBeLessThanOrEqual(replies.length)
    expect(lost.length).toBeGreaterThan(0)
  })

  it('rejects what was kept too long while the server is away', async () => {
    const server = await startServer()
    const redis = await startClient(server, { patience: '300ms' })
    await redis.command('SET', 'a', 1)
    await server.kill()
    await expect.poll(() => redis.current).toBeUndefined()
    await expect(redis.command('GET', 'a')).rejects.toMatchObject({ code: 'ERR_SENNIT_TIMEOUT' })
    await server.start()
    await redis.whenConnected({ timeout: '10s' })
    expect(await redis.command('GET', 'a')).toBe('1')
  })

  it('gives up a server that has stopped to answer, and is back when that goes on', async () => {
    const server = await startServer()
    const redis = await startClient(server, { replyTimeout: '300ms', patience: '10s' })
    await redis.command('SET', 'a', 1)
    server.signal('SIGSTOP')
    await expect(redis.command('GET', 'a')).rejects.toMatchObject({ code: 'ERR_REDIS_REPLY_LOST' })
    server.signal('SIGCONT')
    expect(await redis.command('GET', 'a')).toBe('1')
  })

  it('logs in and selects its database, and fails with a wrong password', async () => {
    const server = await startServer(['--requirepass', 'secret'])
    const redis = await startClient(server, { password: 'secret', database: 3 })
    await redis.command('SET', 'a', 1)
    expect(await redis.command('CLIENT', 'INFO')).toContain(' db=3 ')
    for (const [password, code] of [
      ['wrong', 'WRONGPASS'],
      [undefined, 'NOAUTH'],
    ]) {
      const refused = await startClient(server, { password })
      await expect(refused.command('GET', 'a')).rejects.toMatchObject({ code })
      expect(refused.state).toBe('failed')
    }
  })

  it('as a program: counts, tells while the server is dead, counts on, and ends at SIGTERM with 0', async () => {
    execFileSync(process.execPath, [join(folder, '../../../tools/build/build.js'), folder], {
      stdio: 'inherit',
    })
    const server = await startServer()
    const child = spawn(process.execPath, [join(folder, 'dist/main.js'), server.place, '100ms'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    cleanups.push(() => child.kill('SIGKILL'))
    const exited = once(child, 'exit')
    const said: string[] = []
    createInterface({ input: child.stdout }).on('line', (line) => said.push(line))

    await expect.poll(() => said.at(-1), { timeout: 10_000 }).toBe('count 3')
    await server.kill()
    await expect.poll(() => said.at(-1), { timeout: 10_000 }).toMatch(/^not counted: /)
    await server.start()
    await expect.poll(() => said.at(-1), { timeout: 30_000 }).toMatch(/^count /)
    // The appended file of the server has what it answered.
    expect(Number(said.at(-1)!.slice('count '.length))).toBeGreaterThan(3)
    child.kill('SIGTERM')
    expect(await exited).toEqual([0, null])
  })
})
