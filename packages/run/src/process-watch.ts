/**
 * What a process is told while something runs in it: signals, and errors that nobody has caught.
 *
 * | signal                                  | what happens                            |
 * |-----------------------------------------|-----------------------------------------|
 * | the first                               | logged; `stop` is called                |
 * | another one within half a second        | nothing                                 |
 * | a later one                             | the process ends at once, 128 + number  |
 *
 * Source: Twisted, `twisted/internet/base.py`, `ReactorBase.sigInt`, `sigTerm`, `_handleSignals`.
 * Differs: a second signal forces the end; an uncaught error stops.
 *
 * @module
 */
import { constants } from 'node:os'
import type { IDelayedCall, IKeepAlive, ILog, IReactorTime, Seconds } from '@sennit/interfaces'
import { asError } from '@sennit/runtime/internal'
import type { IEmitter, IProgram } from './program.ts'
import { endQuickly } from './quick-end.ts'

/** Who is told. */
export interface ProcessWatcher {
  readonly clock: IReactorTime
  /** The log of that moment. */
  log(): ILog
  /** What is stopped, as the log shall name it. */
  readonly what: string
  /** The first signal has come. */
  stop(): void
  /** An error that nobody has caught. */
  fail(error: Error): void
}

/** A repeated signal within so long is one signal: npm hands on what the terminal has sent already. */
const ONE_SIGNAL: Seconds = 0.5

/**
 * Listens to a process.
 *
 * @returns takes all listeners away again, but for those of its output
 */
export function watchProcess(
  process: IProgram,
  signals: readonly NodeJS.Signals[],
  watcher: ProcessWatcher,
): () => void {
  const undo: (() => void)[] = []
  const on = (emitter: IEmitter, event: string, listener: (...args: unknown[]) => void): void => {
    emitter.on(event, listener)
    undo.push(() => emitter.off(event, listener))
  }
  let signalledAt: Seconds | undefined
  const signalled = (name: NodeJS.Signals): void => {
    const now = watcher.clock.seconds()
    if (signalledAt === undefined) {
      signalledAt = now
      watcher.log().info({ signal: name }, `${watcher.what} is told to stop`)
      watcher.stop()
    } else if (now - signalledAt > ONE_SIGNAL) {
      watcher.log().warn({ signal: name }, 'A second signal: the process ends at once')
      process.exit(128 + constants.signals[name])
    }
  }
  const forgetSignals: (() => void)[] = []
  for (const name of signals) {
    const listener = (): void => signalled(name)
    process.on(name, listener)
    forgetSignals.push(() => process.off(name, listener))
  }
  on(process, 'uncaughtException', (error: unknown) => watcher.fail(asError(error)))
  on(process, 'unhandledRejection', (error: unknown) => watcher.fail(asError(error)))
  for (const output of [process.stdout, process.stderr]) forgive(output)
  return () => {
    for (const each of undo) each()
    if (process === globalThis.process && signalledAt !== undefined) forgetSignals.push(endQuickly())
    const forget = (): void => forgetSignals.forEach((each) => each())
    const left = signalledAt === undefined ? 0 : signalledAt + ONE_SIGNAL - watcher.clock.seconds()
    // The second half of one signal must not end in other ways what has stopped well, and quickly.
    if (left > 0) letGo(watcher.clock.callLater(left, forget))
    else forget()
  }
}

/** Nothing is kept alive for that. */
function letGo(call: IDelayedCall & Partial<IKeepAlive>): void {
  call.unref?.()
}

const forgiven = new WeakSet<IEmitter>()

/** Whoever read our output may be gone; that is no reason to end, nor is it after the run. */
function forgive(output: IEmitter): void {
  if (forgiven.has(output)) return
  forgiven.add(output)
  output.on('error', () => {})
}
