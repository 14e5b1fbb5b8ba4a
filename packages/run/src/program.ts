/**
 * The role of the process that an application runs in. Node's `process` has it.
 *
 * @module
 */
/** Something that events can be heard of. */
export interface IEmitter {
  on(event: string, listener: (...args: unknown[]) => void): unknown
  off(event: string, listener: (...args: unknown[]) => void): unknown
}

/** What `run` needs of a process. */
export interface IProgram extends IEmitter {
  /** Ends the process at once. */
  exit(code: number): void
  /** What the process will end with. */
  exitCode?: number | string | null | undefined
  /** The name of the process. */
  title: string
  readonly stdout: IEmitter
  readonly stderr: IEmitter
  readonly pid?: number | undefined
  /** The variables of the environment. */
  readonly env?: Record<string, string | undefined> | undefined
  /** Sets the permissions that new files do not have. */
  umask?(mask: number): number
  /** The kinds of what keeps the process alive. */
  getActiveResourcesInfo?(): string[]
}

/** What is needed to become another user; missing on systems that have no such thing. */
export interface IPrivileges {
  getuid(): number
  getgid(): number
  initgroups(user: number | string, extraGroup: number | string): void
  setgid(id: number | string): void
  setuid(id: number | string): void
  seteuid(id: number | string): void
}
