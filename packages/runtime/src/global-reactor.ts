/**
 * The slot of the global reactor. It lives in the process, not in this module, so that two copies of the package share it.
 *
 * Source: Twisted, `twisted/application/internet.py`, `_maybeGlobalReactor`.
 * Differs: when no reactor is installed, the system clock stands in: it has time and nothing else.
 *
 * @module
 */
import type { IReactorTime } from '@sennit/interfaces'
import { systemClock } from './system-clock.ts'

const SLOT = Symbol.for('sennit.reactor')

const holder = globalThis as { [SLOT]?: IReactorTime | undefined }

/** The installed reactor, if there is one. */
export function getGlobalReactor(): IReactorTime | undefined {
  return holder[SLOT]
}

/** Installs the reactor of the process; `undefined` takes it out. Whether one may be replaced is for the caller to say. */
export function setGlobalReactor(reactor: IReactorTime | undefined): void {
  holder[SLOT] = reactor
}

/** The given reactor, else the installed one, else the system clock. */
export function maybeGlobalReactor(reactor?: IReactorTime): IReactorTime {
  return reactor ?? holder[SLOT] ?? systemClock
}
