/**
 * Notes in a table.
 *
 * @module
 */
import type { Pool } from 'pg'

/** A note. */
export interface Note {
  readonly id: number
  readonly text: string
}

/** The lock of the migration: any number, the same in each program of this database. */
const MIGRATION = 720_421

/** The table; makes it when it is not there. */
export class Notes {
  readonly #pool: Pool

  constructor(pool: Pool) {
    this.#pool = pool
  }

  /** One program at a time: two that make the table at once would be in each other's way. All of it happens, or nothing. */
  async migrate(): Promise<void> {
    const client = await this.#pool.connect()
    try {
      await client.query('begin')
      await client.query('set local statement_timeout = 0')
      await client.query('select pg_advisory_xact_lock($1)', [MIGRATION])
      await client.query(
        'create table if not exists notes (id bigint generated always as identity primary key, text text not null)',
      )
      await client.query('commit')
    } catch (error) {
      client.release(true) // not back to the pool: the end of the connection undoes all
      throw error
    }
    client.release()
  }

  async add(text: string): Promise<Note> {
    const { rows } = await this.#pool.query<{ id: string }>(
      'insert into notes (text) values ($1) returning id',
      [text],
    )
    return { id: Number(rows[0]!.id), text }
  }

  /** The newest first. */
  async list(limit = 100): Promise<Note[]> {
    const { rows } = await this.#pool.query<{ id: string; text: string }>(
      'select id, text from notes order by id desc limit $1',
      [limit],
    )
    return rows.map(({ id, text }) => ({ id: Number(id), text }))
  }
}
