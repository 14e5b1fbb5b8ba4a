/** A lasting PostgreSQL LISTEN, by the real `pg` against a real server. */
import { Client } from 'pg'
import type { IConnectable } from '@sennit/interfaces'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ConnectionService } from '../src/index.ts'
import { MemoryLog } from './fakes.ts'
import { postgresPrograms, PostgresServer } from '@sennit/peers/postgres'

const programs = postgresPrograms()

/** What the README shows. */
function postgres(where: object): IConnectable<Client> {
  return {
    async connect({ signal, lost }) {
      const client = new Client({ ...where, connectionTimeoutMillis: 10_000 })
      client.on('error', lost).on('end', () => lost(new Error('the server has closed the connection')))
      const giveUp = () => void client.end().catch(() => {})
      signal.addEventListener('abort', giveUp)
      await client.connect()
      signal.removeEventListener('abort', giveUp)
      return client
    },
    close: (client) => void client.end().catch(() => {}),
    abort: (client) => client.connection.stream.destroy(),
  }
}

describe.skipIf(programs === undefined)('ConnectionService over pg', { timeout: 60_000 }, () => {
  let server: PostgresServer

  beforeAll(async () => {
    server = new PostgresServer(programs!)
    await server.start()
  }, 60_000)
  afterAll(() => server?.dispose())

  const told: string[] = []
  function listener(): ConnectionService<Client> {
    return new ConnectionService(postgres(server.where), {
      prepareConnection: async (client) => {
        client.on('notification', ({ payload }) => told.push(payload ?? ''))
        await client.query('LISTEN jobs')
      },
      retryPolicy: () => 0.05,
      log: new MemoryLog(),
    })
  }

  async function notify(payload: string): Promise<void> {
    const client = new Client(server.where)
    await client.connect()
    await client.query("SELECT pg_notify('jobs', $1)", [payload])
    await client.end()
  }

  it('hears notifications, also after the server was killed and is back', async () => {
    const service = listener()
    await service.startService()
    await service.whenConnected({ timeout: '20s' })
    await notify('one')
    await expect.poll(() => told).toEqual(['one'])

    const first = service.current
    await server.kill()
    await expect.poll(() => service.current, { timeout: 10_000 }).toBeUndefined()
    await expect.poll(() => service.connectionState.failures, { timeout: 10_000 }).toBeGreaterThan(1)
    await server.start()
    const second = await service.whenConnected({ timeout: '20s' })
    expect(second).not.toBe(first)
    await notify('two')
    await expect.poll(() => told).toEqual(['one', 'two'])

    await service.stopService()
    expect(service.connectionState.name).toBe('stopped')
  })

  it('leaves no connection behind when it stops', async () => {
    const service = listener()
    await service.startService()
    await service.whenConnected({ timeout: '20s' })
    await service.stopService()
    const client = new Client(server.where)
    await client.connect()
    const open = async () => {
      const { rows } = await client.query<{ count: string }>(
        "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()",
      )
      return Number(rows[0]!.count)
    }
    await expect.poll(open).toBe(0)
    await client.end()
  })

  it('fails for good with a fatal error', async () => {
    const service = new ConnectionService(postgres({ ...server.where, database: 'nowhere' }), {
      isFatal: ({ code }) => code === '3D000',
      log: new MemoryLog(),
    })
    await service.startService()
    await expect(service.whenConnected({ timeout: '20s' })).rejects.toMatchObject({ code: '3D000' })
    expect(service.state).toBe('failed')
    await service.stopService()
  })
})
