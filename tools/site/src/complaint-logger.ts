import { relative } from 'node:path'
import { Logger, LogLevel, type MinimalSourceFile } from 'typedoc'

/** Keeps what the generator complains about, with the file and the line, if it is about one. */
export class ComplaintLogger extends Logger {
  readonly complaints: string[] = []
  readonly #root: string

  /** @param root - the folder below which the files are named */
  constructor(root: string) {
    super()
    this.#root = root
  }

  override log(message: string, level: LogLevel): void {
    if (level >= LogLevel.Warn) this.complaints.push(message)
  }

  protected override addContext(
    message: string,
    _level: LogLevel,
    ...[where, file]: readonly [unknown?, MinimalSourceFile?]
  ): string {
    if (!file || typeof where !== 'number') return message
    const line = file.getLineAndCharacterOfPosition(where).line + 1
    return `${relative(this.#root, file.fileName)}:${line}: ${message}`
  }
}
