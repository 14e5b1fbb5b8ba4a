/**
 * A log that remembers.
 *
 * Source: Twisted, `twisted/internet/testing.py`, `EventLoggingObserver`.
 *
 * @module
 */
import type { ILog, LogMethod } from '@sennit/interfaces'

/** One event of a log. */
export interface LogEvent {
  readonly level: 'debug' | 'info' | 'warn' | 'error'
  readonly fields: Readonly<Record<string, unknown>>
  readonly message: string
}

/**
 * Remembers events, oldest first.
 *
 * @example
 * ```ts
 * const log = new MemoryLog()
 * const app = new Application('x', { log })
 * await app.startService()
 * assert.deepEqual(log.messages('error'), [])
 * ```
 */
export class MemoryLog implements ILog {
  readonly events: LogEvent[] = []
  readonly debug: LogMethod = this.#recorder('debug')
  readonly info: LogMethod = this.#recorder('info')
  readonly warn: LogMethod = this.#recorder('warn')
  readonly error: LogMethod = this.#recorder('error')

  /** The errors (field `err`) of a level, `'error'` unless told otherwise. */
  errors(level: LogEvent['level'] = 'error'): unknown[] {
    return this.#of(level).flatMap(({ fields }) => ('err' in fields ? [fields['err']] : []))
  }

  /** The messages of a level, or all of them. */
  messages(level?: LogEvent['level']): string[] {
    return this.#of(level).map(({ message }) => message)
  }

  /** Forgets everything. */
  clear(): void {
    this.events.length = 0
  }

  #of(level: LogEvent['level'] | undefined): LogEvent[] {
    return level === undefined ? this.events : this.events.filter((event) => event.level === level)
  }

  #recorder(level: LogEvent['level']): LogMethod {
    return (fields, message = '') => {
      this.events.push({ level, fields: { ...fields }, message })
    }
  }
}
