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
  const pool = new pg.Pool({
    connectionString: database,
    application_name: 'notes',
    // A request waits so long for a connection, and its statement takes so long: together less than the 5 s for which a stop waits for running
    // requests (`drainTimeout`). So each is answered, if only with 503, and nothing holds the pool.
    connectionTimeoutMillis: 2000,
    statement_timeout: 2500,
  })
  const notes = new Notes(pool)
  const app: Application = new Application('notes', { startTimeout: '20s', stopTimeout: '10s' }, [
    // Two services: when the table cannot be made, what stands already is stopped, and that is the pool.
    hooks('pool', {
      start: ({ context }) => {
        // A connection that is lost while nobody uses it is no reason to end.
        pool.on('error', (error) => context.log.warn({ err: error }, 'A connection to the database was lost'))
      },
      stop: () => pool.end(),
    }),
    hooks('table', { start: () => notes.migrate() }),
    service(`tcp:${port}:interface=127.0.0.1`, httpFactory(createServer(web(notes, () => app.ready))), {
      name: 'web',
    }),
  ])
  return app
}
