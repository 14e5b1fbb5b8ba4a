import type { ILog } from '@sennit/interfaces'

export interface Entry {
  readonly level: string
  readonly message: string | undefined
  readonly err?: Error
}

/** A log that keeps what is written to it. */
export class FakeLog implements ILog {
  readonly entries: Entry[] = []
  readonly debug = this.#method('debug')
  readonly info = this.#method('info')
  readonly warn = this.#method('warn')
  readonly error = this.#method('error')

  #method(level: string) {
    return (fields: object, message?: string): void => {
      this.entries.push({ level, message, ...fields })
    }
  }
}
