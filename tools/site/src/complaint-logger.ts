import { Logger, LogLevel } from 'typedoc'

/** Keeps what the generator complains about. */
export class ComplaintLogger extends Logger {
  readonly complaints: string[] = []

  override log(message: string, level: LogLevel): void {
    if (level >= LogLevel.Warn) this.complaints.push(message)
  }
}
