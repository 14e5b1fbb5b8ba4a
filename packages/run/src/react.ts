/**
 * Runs a function as the main thing of a process, on a reactor that runs as long as it does.
 *
 * | state    | main settles                  | signal   | uncaught error   | shutdown begins | shutdown over |
 * |----------|-------------------------------|----------|------------------|-----------------|---------------|
 * | running  | code taken; the reactor stops | stopping | code 1, stopping | stopping        | over          |
 * | stopping | code taken                    | see `process-watch.ts` | code 1 | -           | over          |
 * | over     | -                             | -        | -                | -               | -             |
 *
 * The code is 0 until something says otherwise: `main` that rejects, 1; with an `ExitError`, its code.
 *
 * Source: Twisted, `twisted/internet/task.py`, `react`.
 * Differs: it sets `process.exitCode` and yields it, and leaves the end of the process to Node; `main` may yield anything; an uncaught
 * error stops the reactor.
 *
 * @module
 */
import type { ILog, IReactorCore, IReactorTime, ISystemEvents } from '@sennit/interfaces'
import { type Reactor, reactorWith } from '@sennit/reactor'
import { defaultLog } from '@sennit/runtime'
import { asError, isThenable } from '@sennit/runtime/internal'
import { type ExitError, RunOptionError } from './errors.ts'
import { watchProcess } from './process-watch.ts'
import type { IProgram } from './program.ts'

/** What `react` needs of a reactor. */
export type ReactReactor = IReactorTime & IReactorCore & ISystemEvents

/** Options of `react`. */
export interface ReactOptions<R extends ReactReactor = Reactor> {
  /** @defaultValue the reactor of the process */
  readonly reactor?: R | undefined
  /** The signals that stop the reactor. @defaultValue ['SIGINT', 'SIGTERM'] */
  readonly signals?: readonly NodeJS.Signals[] | undefined
  /** @defaultValue warnings and errors go to stderr */
  readonly log?: ILog | undefined
  /** @defaultValue Node's */
  readonly process?: IProgram | undefined
}

const MEMBERS = ['run', 'stop', 'callWhenRunning', 'addSystemEventTrigger'] as const

/**
 * Calls `main(reactor, ...argv)`, and runs the reactor until what it promises has settled.
 *
 * @returns the exit code, after the shutdown; `process.exitCode` is set to it. The process ends when nothing keeps it alive any more.
 * @throws what `main` throws before it returns; then nothing is run
 * @throws RunOptionError (`ERR_SENNIT_RUN_OPTION`) when `main` is no function
 * @throws MissingRoleError (`ERR_SENNIT_MISSING_ROLE`) when the reactor cannot be run
 * @example
 * ```ts
 * await react(async (reactor, name) => {
 *   await deferLater(reactor, 1)
 *   console.log(`hello ${name}`)
 * }, process.argv.slice(2))
 * ```
 */
export function react<R extends ReactReactor = Reactor>(
  main: (reactor: R, ...argv: string[]) => unknown,
  argv: readonly string[] = [],
  options: ReactOptions<R> = {},
): Promise<number> {
  if (typeof main !== 'function') throw new RunOptionError('main', 'a function', main)
  const reactor = reactorWith<R>(options.reactor, 'IReactorCore', MEMBERS as readonly (keyof R & string)[])
  const result = main(reactor, ...argv)
  return new Main(reactor, options).run(result)
}

/** One run. */
class Main {
  readonly #reactor: ReactReactor
  readonly #process: IProgram
  readonly #signals: readonly NodeJS.Signals[]
  readonly #log: ILog
  #state: 'running' | 'stopping' | 'over' = 'running'
  #code = 0

  constructor(reactor: ReactReactor, options: Omit<ReactOptions, 'reactor'>) {
    const { log = defaultLog, signals = ['SIGINT', 'SIGTERM'] } = options
    this.#reactor = reactor
    this.#process = options.process ?? process
    this.#signals = signals
    this.#log = log
  }

  async run(result: unknown): Promise<number> {
    const reactor = this.#reactor
    const unwatch = watchProcess(this.#process, this.#signals, {
      clock: reactor,
      log: () => this.#log,
      what: 'The reactor',
      stop: () => this.#stop(),
      fail: (error) => this.#fail(error, 'An error was not caught: the reactor is stopped'),
    })
    reactor.addSystemEventTrigger('before', 'shutdown', () => {
      this.#state = 'stopping'
    })
    if (isThenable(result)) {
      result.then(
        () => this.#stopSoon(),
        (error: unknown) => this.#failed(error),
      )
    } else this.#stopSoon()
    try {
      await reactor.run()
    } finally {
      this.#state = 'over'
      unwatch()
    }
    this.#process.exitCode = this.#code
    return this.#code
  }

  #failed(thrown: unknown): void {
    if (this.#state === 'over') return
    if (isExit(thrown)) {
      this.#code = thrown.exitCode
      this.#stopSoon()
    } else this.#fail(asError(thrown), 'The main function failed')
  }

  #fail(error: Error, message: string): void {
    this.#code = 1
    try {
      this.#log.error({ err: error }, message)
    } finally {
      this.#stopSoon()
    }
  }

  /** Stops the reactor, or does so when it runs. */
  #stopSoon(): void {
    this.#reactor.callWhenRunning(() => this.#stop())
  }

  #stop(): void {
    if (this.#state !== 'running') return
    this.#state = 'stopping'
    try {
      this.#reactor.stop()
    } catch (error) {
      // Somebody else was faster, in this very turn.
      if ((error as { code?: string }).code !== 'ERR_SENNIT_REACTOR_NOT_RUNNING') throw error
    }
  }
}

function isExit(thrown: unknown): thrown is ExitError {
  return (thrown as Partial<ExitError> | null | undefined)?.code === 'ERR_SENNIT_EXIT'
}
