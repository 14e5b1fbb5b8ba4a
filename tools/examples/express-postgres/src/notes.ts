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

/** The table; makes it when it is not there. */
export class Notes {
  readonly #pool: Pool

  constructor(pool: Pool) {
    this.#pool = pool
  }

  async migrate(): Promise<void> {
    await this.#pool.query(
      'create table if not exists notes (id bigint generated always as identity primary key, text text not null)',
    )
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
