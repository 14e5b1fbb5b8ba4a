import { existsSync } from 'node:fs'
import pg from 'pg'
import { expect, it } from 'vitest'
import { postgresPrograms, PostgresServer } from '../src/postgres-server.ts'

const programs = postgresPrograms()

it.skipIf(programs === undefined)(
  'answers, is gone when it was killed, answers again, and leaves no folder',
  { timeout: 60_000 },
  async () => {
    const server = new PostgresServer(programs!)
    const ask = async (): Promise<unknown> => {
      const client = new pg.Client(server.where)
      try {
        await client.connect()
        return (await client.query('select 1 as one')).rows
      } finally {
        await client.end().catch(() => {})
      }
    }
    try {
      await server.start()
      expect(await ask()).toEqual([{ one: 1 }])
      await server.kill()
      await expect(ask()).rejects.toMatchObject({
        code: expect.stringMatching(/ENOENT|ECONNREFUSED/) as string,
      })
      await server.start()
      expect(await ask()).toEqual([{ one: 1 }])
    } finally {
      await server.dispose()
    }
    expect(existsSync(server.folder)).toBe(false)
  },
)
