/**
 * From a call of `startService` and the like to a transition, and from its end to a promise.
 *
 * @module
 */
import type { IServiceContext, Seconds, TransitionOptions } from '@sennit/interfaces'
import { toSeconds } from '@sennit/runtime'
import { bounded } from '@sennit/runtime/internal'
import type { Lifecycle } from './lifecycle.ts'
import { closeLoop, inLoop, openLoop, outside } from './loop.ts'
import type { Kind } from './hook.ts'
import { SHORT_WAYS, type ShortWay } from './short-way.ts'
import { Transition } from './transition.ts'
import { timeOfTurn } from './turn-time.ts'

const DOING = {
  privileged: 'Starting',
  start: 'Starting',
  stop: 'Stopping',
} as const

/**
 * Asks for a transition on behalf of a caller.
 *
 * @returns nothing when it is done already, else a fresh promise
 */
export function transit(life: Lifecycle, kind: Kind, options?: TransitionOptions): void | Promise<void> {
  if (options === undefined) {
    const way = SHORT_WAYS[kind]
    const context = life.contextAlone(way)
    if (context !== undefined) return goAlone(life, way, context)
  }
  const signal = options?.signal
  const timeout = options?.timeout === undefined ? undefined : toSeconds(options.timeout, 'timeout')
  if (kind !== 'stop' && signal?.aborted) return Promise.reject(signal.reason as Error)
  let began = false
  const transition = inLoop(() => {
    const asked = life.request(kind, undefined)
    began = asked?.claim() === true
    if (began) asked!.timeout = timeout
    return asked
  })
  if (transition === undefined || hasSucceeded(transition)) return undefined
  if (transition.settled) return transition.promise()
  if (began) {
    if (transition.phase === 'queued') transition.arm()
    if (signal === undefined) return transition.promise()
    return kind === 'stop' ? wait(life, transition, signal, undefined) : giveUpOn(signal, transition)
  }
  return wait(life, transition, signal, timeout)
}

/** The short way of a service that is asked by itself: most have nobody above, no options and nobody who looks. */
function goAlone(life: Lifecycle, way: ShortWay, context: IServiceContext): void | Promise<void> {
  const base = openLoop()
  const transition = Transition.alone(way.kind, context)
  try {
    const now = timeOfTurn(context)
    if (transition.passPlain(life, way, now)) {
      life.endPlain(way, now, true)
      transition.giveBack()
      return undefined
    }
  } finally {
    closeLoop(base)
  }
  return hasSucceeded(transition) ? undefined : transition.promise()
}

function hasSucceeded({ settled, error }: Transition): boolean {
  return settled && error === undefined
}

/** Waits for what somebody else began, or for what cannot be given up. */
function wait(
  life: Lifecycle,
  transition: Transition,
  signal: AbortSignal | undefined,
  timeout: Seconds | undefined,
): Promise<void> {
  const what = `${DOING[transition.kind]} '${life.path}'`
  return bounded(transition.promise(), { signal, timeout }, life.context.clock, what)
}

/** The signal of whoever began a start gives it up. */
function giveUpOn(signal: AbortSignal, start: Transition): Promise<void> {
  const giveUp = () => outside(() => start.cancel(signal.reason as Error, false))
  const forget = () => signal.removeEventListener('abort', giveUp)
  signal.addEventListener('abort', giveUp, { once: true })
  start.promise().then(forget, forget)
  return start.promise()
}

/** Waits for a stop and for a start; nobody has to catch what becomes of them. */
export function both(stopped: void | Promise<void>, started: void | Promise<void>): void | Promise<void> {
  if (stopped === undefined) return started
  const done = Promise.all([stopped, started]).then(() => {})
  done.catch(() => {})
  return done
}
