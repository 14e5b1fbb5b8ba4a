/**
 * The server for `sennit run dist/main.js --port 8080 --database postgres://…`.
 *
 * The order of the list is the order of the starts: the database answers, then the table is there, then the port is opened. It is stopped in
 * reverse: the port is closed and what was asked is answered, then the pool is closed.
 *
 * @module
 */
import { createServer } from 'node:http'
import { service } from '@sennit/endpoints'
import { httpFactory } from '@sennit/http'
import { Application, hooks } from '@sennit/service'
import pg from 'pg'
import { Notes } from './notes.ts'
import { web } from './web.ts'

export const options = {
  port: { type: 'string', default: '8080', description: 'where it listens, on 127.0.0.1' },
  database: {
    type: 'string',
    description: 'a URL of PostgreSQL; without one, the PG… variables say where it is',
  },
} as const

interface Values {
  readonly port: string
  readonly database?: string
}

export function application({ port, database }: Values): Application {
  const pool = new pg.Pool({ connectionString: database, connectionTimeoutMillis: 5000 })
  const notes = new Notes(pool)
  const app: Application = new Application('notes', { startTimeout: '20s', stopTimeout: '10s' }, [
    hooks('database', {
      start: async ({ context }) => {
        // A connection that is lost while nobody uses it is no reason to end.
        pool.on('error', (error) => context.log.warn({ err: error }, 'A connection to the database was lost'))
        await notes.migrate()
      },
      stop: () => pool.end(),
    }),
    service(`tcp:${port}:interface=127.0.0.1`, httpFactory(createServer(web(notes, () => app.ready))), {
      name: 'web',
    }),
  ])
  return app
}
