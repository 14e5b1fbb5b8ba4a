import { MemoryLog, MemoryWorld, type WorldPeer } from '@sennit/testing'
import { beforeEach, describe, expect, it } from 'vitest'
import { RedisClient, type RedisClientOptions } from '../src/index.ts'

let world: MemoryWorld

beforeEach(() => {
  world = new MemoryWorld({ seed: 1 })
})

async function start(options: RedisClientOptions = {}): Promise<RedisClient> {
  const redis = new RedisClient('tcp:redis:6379', { reactor: world, log: new MemoryLog(), ...options })
  await world.run(redis.startService())
  return redis
}

/** The test is the server: it answers the PING of the next connection that comes. */
async function greet(server: ReturnType<MemoryWorld['listen']>): Promise<WorldPeer> {
  const connection = await world.run(server.nextConnection())
  await world.run(connection.received('PING\r\n'))
  connection.write('+PONG\r\n')
  connection.clear()
  return connection
}

/** The end of a promise, which nobody has to wait for. */
function outcome(promise: Promise<unknown>): Promise<unknown> {
  return promise.catch((error: unknown) => error)
}

describe('RedisClient', () => {
  it('sends commands without waiting, and matches the replies in order', async () => {
    const server = world.listen('tcp:redis:6379')
    const redis = await start()
    const connection = await greet(server)
    await world.run(redis.whenConnected())
    const replies = [
      redis.command('GET', 'a'),
      redis.command('LPUSH', 'a', 1),
      redis.command('GET', 'b'),
    ].map(outcome)
    await world.run(connection.received('$1\r\nb\r\n'))
    connection.write('$1\r\n1\r\n-WRONGTYPE of a\r\n$-1\r\n')
    expect(await world.run(Promise.all(replies))).toEqual([
      '1',
      expect.objectContaining({ code: 'WRONGTYPE' }),
      null,
    ])
    await world.run(redis.stopService())
    world.assertQuiet()
  })

  it.each<[string, (connection: WorldPeer) => void]>([
    ['is reset', (connection) => connection.abort()],
    ['ends', (connection) => connection.close()],
  ])('rejects what has no reply when the server %s in the middle of one, and goes on', async (_how, die) => {
    const server = world.listen('tcp:redis:6379')
    const redis = await start()
    const first = await greet(server)
    await world.run(redis.whenConnected())
    const [whole, half, none] = ['a', 'b', 'c'].map((key) => outcome(redis.command('GET', key)))
    await world.run(first.received('$1\r\nc\r\n'))
    first.write('$5\r\nwhole\r\n$10\r\nha')
    await world.advance('10ms')
    die(first)

    expect(await world.run(Promise.all([whole, half, none]))).toEqual([
      'whole',
      expect.objectContaining({ code: 'ERR_REDIS_REPLY_LOST' }),
      expect.objectContaining({ code: 'ERR_REDIS_REPLY_LOST' }),
    ])
    // A command that comes meanwhile is kept; what was half a reply has nothing to do with it.
    const kept = redis.command('GET', 'd')
    const second = await greet(server)
    await world.run(second.received('$1\r\nd\r\n'))
    expect(second.text()).toBe('*2\r\n$3\r\nGET\r\n$1\r\nd\r\n')
    second.write('+fresh\r\n')
    expect(await world.run(kept)).toBe('fresh')
    await world.run(redis.stopService())
    world.assertQuiet()
  })

  it('keeps commands while there is no server: for two seconds, then it rejects them', async () => {
    const redis = await start()
    const early = outcome(redis.command('GET', 'early'))
    await world.advance('1500ms')
    const late = redis.command('GET', 'late')
    await world.advance('600ms')
    expect(await early).toMatchObject({ code: 'ERR_SENNIT_TIMEOUT' })

    const server = world.listen('tcp:redis:6379')
    redis.reconnectNow()
    const connection = await greet(server)
    await world.run(connection.received('late'))
    expect(connection.text()).not.toContain('early')
    connection.write('+ok\r\n')
    expect(await world.run(late)).toBe('ok')
    await world.run(redis.stopService())
    world.assertQuiet()
  })

  it('gives up a server that owes a reply and says nothing, but not one that it owes none', async () => {
    const server = world.listen('tcp:redis:6379')
    const redis = await start({ replyTimeout: '5s' })
    const first = await greet(server)
    await world.advance('10m')
    expect(first.closed).toBe(false)

    const lost = outcome(redis.command('GET', 'a'))
    await world.advance('4s')
    expect(redis.connectionState.name).toBe('connected')
    await world.advance('2s')
    expect(await lost).toMatchObject({
      code: 'ERR_REDIS_REPLY_LOST',
      cause: expect.objectContaining({ message: expect.stringContaining('Waiting for a reply') }),
    })
    expect(first.closed).toBe(true)
    await greet(server)
    await world.run(redis.whenConnected())
    await world.run(redis.stopService())
    world.assertQuiet()
  })

  it('cuts a connection that says what nobody has asked for, or what is no reply', async () => {
    for (const nonsense of ['+hello\r\n', 'hello\r\n']) {
      const server = world.listen('tcp:redis:6379')
      const redis = await start()
      const first = await greet(server)
      await world.run(redis.whenConnected())
      first.write(nonsense)
      await world.advance('10ms')
      expect(redis.connectionState).toMatchObject({ cause: { code: 'ERR_REDIS_PROTOCOL' } })
      await greet(server)
      await world.run(redis.stopService())
      server.close()
      await world.advance('1s')
      world.assertQuiet()
    }
  })

  it('authenticates and selects before it hands a connection out', async () => {
    const server = world.listen('tcp:redis:6379')
    const redis = await start({ password: 'secret', database: 3 })
    const connection = await world.run(server.nextConnection())
    for (const [command, reply] of [
      ['secret\r\n', '+OK\r\n'],
      ['SELECT\r\n$1\r\n3\r\n', '+OK\r\n'],
      ['PING\r\n', '+PONG\r\n'],
    ] as const) {
      await world.run(connection.received(command))
      expect(redis.current).toBeUndefined()
      connection.write(reply)
    }
    await world.run(redis.whenConnected())
    await world.run(redis.stopService())
    world.assertQuiet()
  })

  it('tries again while the server loads its data, and fails for good when the password is wrong', async () => {
    const server = world.listen('tcp:redis:6379')
    const redis = await start({ password: 'secret' })
    for (const refusal of ['-LOADING the data\r\n', '-WRONGPASS or no user\r\n']) {
      expect(redis.state).toBe('running')
      const connection = await world.run(server.nextConnection())
      await world.run(connection.received('secret\r\n'))
      connection.write(refusal)
    }
    expect(await world.run(outcome(redis.command('GET', 'a')))).toMatchObject({ code: 'WRONGPASS' })
    expect(redis.state).toBe('failed')
    await world.run(redis.stopService())
    world.assertQuiet()
  })

  it('waits for the replies when it is stopped', async () => {
    const server = world.listen('tcp:redis:6379')
    const redis = await start()
    const connection = await greet(server)
    await world.run(redis.whenConnected())
    const reply = redis.command('GET', 'a')
    const stopped = redis.stopService()
    const late = outcome(redis.command('GET', 'b'))
    await world.advance('1s')
    expect(connection.closed).toBe(false)
    connection.write('+ok\r\n')
    expect(await world.run(reply)).toBe('ok')
    await world.run(Promise.resolve(stopped))
    expect(await late).toMatchObject({ code: 'ABORT_ERR' })
    expect(connection.text()).not.toContain('$1\r\nb')
    world.assertQuiet()
  })
})
