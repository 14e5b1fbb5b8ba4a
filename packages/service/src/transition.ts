/**
 * One start or stop of one service, from the call to its end.
 *
 * | phase      | what is awaited                                  | then                                            |
 * |------------|--------------------------------------------------|-------------------------------------------------|
 * | `queued`   | the transition before it                         | `new`, or dropped by a stop, signal or deadline |
 * | `new`      | its turn in the loop                             | start: own hook; stop: children                 |
 * | `awaiting` | the promise of the own hook                      | `returned`; a deadline abandons it              |
 * | `returned` | its turn in the loop                             | start: children or the end; stop: the end       |
 * | `children` | the walk over the children                       | start: the end; stop: own hook                  |
 * | `undoing`  | the stop that undoes a start that failed         | `done`                                          |
 * | `done`     | nothing                                          |                                                 |
 *
 * A start that was cut short (`reason`) calls no further hook; what had started is undone by a stop, and only then does
 * it settle, except after a deadline, which settles it at once. An abandoned hook keeps the service busy until it
 * returns; a late success is undone, and no stop waits for that. A stop that is out of time (`hurry`) awaits no hook any
 * more, but still calls each.
 *
 * @module
 */
import type { IDelayedCall, IServiceContext, Seconds } from '@sennit/interfaces'
import { asError, isThenable, tell } from '@sennit/runtime/internal'
import { locateStop, ServiceStopErrors, StartTimeoutError, StopTimeoutError } from './errors.ts'
import { callHook, Hook, type Kind } from './hook.ts'
import type { Lifecycle } from './lifecycle.ts'
import { seesDebug } from './log.ts'
import { closeLoop, openLoop, outside, push, type Step } from './loop.ts'
import { tellRest } from './rest.ts'
import { type Follower, Settlement } from './settlement.ts'
import type { ShortWay } from './short-way.ts'
import { statesAreHeard } from './state-news.ts'
import { Walk } from './walk.ts'

type Phase = 'queued' | 'new' | 'awaiting' | 'returned' | 'children' | 'undoing' | 'done'

/** Transitions on the short way, to be used again: old objects, to which pointers are cheap. */
const spares: Transition[] = []
const SPARES = 8

/** Follows who goes the short way alone: the call that asked for the transition began it, and all others only join. */
const NOBODY: Follower = { childDone() {} }

/** One start or stop of one service. */
export class Transition extends Settlement implements Step {
  life: Lifecycle
  kind: Kind
  phase: Phase
  /** The walk over the children, when the service is a collection. */
  walk: Walk | undefined = undefined
  /** Why a start was cut short. */
  reason: Error | undefined = undefined
  /** Whether the reason is a failure, or somebody's wish. */
  failed = false
  /** Whether the own hook is still running although nobody waits for it any more. */
  abandoned = false
  /** The deadline that has passed, when a stop is out of time. */
  hurry: Seconds | undefined = undefined
  /** The start that this stop undoes. */
  undone: Transition | undefined = undefined
  /** The caller's own deadline, before the service's. */
  timeout: Seconds | undefined = undefined
  /** The paths of those whose start was given up for a stop that is out of time. */
  #late: readonly string[] = []
  #timer: IDelayedCall | undefined = undefined
  #context: IServiceContext | undefined = undefined
  #controller: AbortController | undefined = undefined
  /** The walk that takes plain children through this. */
  #plainOf: Walk | undefined = undefined
  #hook: Hook | undefined = undefined
  #resolved: (() => void) | undefined = undefined
  #rejected: ((thrown: unknown) => void) | undefined = undefined

  constructor(life: Lifecycle, kind: Kind, phase: Phase, follower: Follower | undefined) {
    super(follower)
    this.life = life
    this.kind = kind
    this.phase = phase
  }

  get context(): IServiceContext {
    return this.#context ?? this.life.context
  }

  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.seen = true
      this.#controller = new AbortController()
      if (this.reason !== undefined || this.hurry !== undefined) this.#abort()
    }
    return this.#controller.signal
  }

  /** Whether this is a start that nothing stands against yet. */
  get starts(): boolean {
    return this.kind === 'start' && this.reason === undefined && this.phase !== 'done'
  }

  /** Whether this is a start that will come to a child. */
  reaches(child: Lifecycle): boolean {
    return this.starts && (this.walk === undefined || this.walk.reaches(child))
  }

  /** Whether this is the call that began the transition, and may bound it; others only join. */
  claim(): boolean {
    if (this.seen || this.followers !== undefined) return false
    this.seen = true
    return this.phase === 'new' || this.phase === 'queued'
  }

  /** Sets the deadline, if there is one. */
  arm(): void {
    if (this.#timer !== undefined || this.settled) return
    const { settings } = this.life
    const seconds = this.timeout ?? (this.kind === 'stop' ? settings?.stopTimeout : settings?.startTimeout)
    if (seconds === undefined || seconds === Infinity) return
    try {
      this.#timer = this.context.clock.callLater(seconds, () => outside(() => this.#expire(seconds)))
    } catch (thrown) {
      this.life.report(asError(thrown), 'A service has no deadline, as its clock threw')
    }
  }

  override settle(error: Error | undefined): void {
    try {
      if (this.#timer?.active()) this.#timer.cancel()
    } catch (thrown) {
      this.life.report(asError(thrown), 'A deadline could not be cancelled')
    }
    super.settle(error)
  }

  // From the beginning to the end.

  step(): void {
    if (this.phase === 'new') this.#begin()
    else if (this.phase === 'returned') this.afterHook(this.error)
  }

  #begin(): void {
    const { life, kind } = this
    if (kind !== 'stop' && !life.due) {
      try {
        life.inherit()
      } catch (thrown) {
        this.error = asError(thrown)
        this.#endStart()
        return
      }
    }
    this.#context = life.context
    if (life.children !== undefined) this.arm()
    if (kind === 'stop') {
      life.enter('stopping')
      if (life.children === undefined) this.#callHook()
      else this.#walkChildren()
      return
    }
    if (this.reason === undefined) life.enter('starting')
    // A listener may have stopped the service.
    if (this.reason === undefined) this.#callHook()
    else this.#endStart()
  }

  #callHook(): void {
    const { life, kind } = this
    const { target } = life
    if (kind === 'stop') life.due = false
    if (!life.takeHook(kind)) {
      this.afterHook(undefined)
      return
    }
    const hook = new Hook(this, this.context)
    let result: unknown
    let waits: boolean
    try {
      result = callHook(target, kind, hook)
      waits = isThenable(result)
    } catch (thrown) {
      this.afterHook(asError(thrown))
      return
    }
    if (waits) this.awaitHook(result as PromiseLike<unknown>, hook)
    else this.afterHook(undefined)
  }

  /** Waits for the promise that a hook has returned. */
  awaitHook(result: PromiseLike<unknown>, hook: Hook): void {
    this.phase = 'awaiting'
    this.#hook = hook
    this.arm()
    this.#resolved ??= () => this.#hookSettled(undefined)
    this.#rejected ??= (thrown) => this.#hookSettled(asError(thrown))
    try {
      Promise.resolve(result).then(this.#resolved, this.#rejected)
    } catch (thrown) {
      Promise.reject(thrown as Error).catch(this.#rejected)
    }
    if (this.hurry !== undefined) this.#abandonStop(this.hurry)
  }

  #hookSettled(error: Error | undefined): void {
    const base = openLoop()
    try {
      const walk = this.#plainOf
      if (error === undefined && walk !== undefined && this.unseen && !this.abandoned) {
        this.phase = 'new'
        this.#hook!.release()
        walk.plainDone(this)
      } else {
        this.phase = 'returned'
        if (!this.settled) this.error = error
        if (this.abandoned) this.#afterAbandoned(error)
        else push(this)
      }
    } finally {
      closeLoop(base)
    }
  }

  /** The own hook is done. */
  afterHook(error: Error | undefined): void {
    const { life } = this
    if (this.kind === 'stop') {
      this.#endStop(error)
      return
    }
    if (error === undefined) life.hookSucceeded(this.kind)
    else if (this.reason !== undefined && error !== this.reason) this.#noteInterrupted(error)
    this.error = error
    if (error === undefined && this.reason === undefined && life.children !== undefined) this.#walkChildren()
    else this.#endStart()
  }

  #walkChildren(): void {
    this.phase = 'children'
    this.walk = new Walk(this)
    this.walk.step()
  }

  /** The walk over the children has ended. */
  afterChildren(): void {
    if (this.kind === 'stop') {
      this.#callHook()
      return
    }
    this.error = this.walk!.errors[0]
    this.#endStart()
  }

  #endStart(): void {
    const { life } = this
    if (this.error === undefined && this.reason === undefined) {
      this.phase = 'done'
      life.started(this)
      return
    }
    if (this.reason === undefined) this.failed = true
    this.error = this.reason ?? this.error
    this.#undoOrEnd()
  }

  /** Undoes what the start had done, if anything, and settles then. */
  #undoOrEnd(): void {
    const { life } = this
    life.running = life.startWaits
    if (!life.due) {
      this.phase = 'done'
      life.notStarted(this)
      return
    }
    this.phase = 'undoing'
    const undo = life.takeQueuedStop() ?? new Transition(life, 'stop', 'new', undefined)
    undo.phase = 'new'
    undo.undone = this
    life.transition = undo
    push(undo)
  }

  #endStop(hookError: Error | undefined): void {
    const { life, walk, hurry } = this
    this.phase = 'done'
    let error = hookError
    if (walk !== undefined) {
      const errors = hookError === undefined ? walk.errors : [...walk.errors, ...locateStop(life, hookError)]
      error = errors.length === 0 ? undefined : new ServiceStopErrors(life.path, errors)
      const pending = [...this.#late, ...walk.pending]
      if (hurry !== undefined && pending.length > 0) {
        error = new StopTimeoutError(life.path, hurry, pending, error)
      }
    }
    life.stopped(this, error)
  }

  /** What a hook throws that was given up is most often but the way in which it gave up. */
  #noteInterrupted(error: Error): void {
    const { log } = this.context
    if (!seesDebug(log)) return
    tell(log, 'debug', { err: error, service: this.life.path }, 'A start that was cut short failed')
  }

  // Cut short.

  /** Cuts a start short, and what is under way below it. It settles when what had started is stopped. */
  cancel(reason: Error, failed: boolean): void {
    const { life } = this
    // A listener may give up a start while it is told that it is over.
    if (this.phase === 'done') return
    if (this.phase === 'queued') {
      this.failed = failed
      life.running = false
      life.drop(this, reason)
      return
    }
    if (this.kind === 'stop' || this.reason !== undefined || this.phase === 'undoing') return
    const cut = this.#underWay().filter((each) => each.reason === undefined && each.phase !== 'undoing')
    const below = cut.length > 1 ? life.cancelled() : reason
    for (const each of cut) {
      each.reason = each === this ? reason : below
      each.life.running = false
    }
    this.failed = failed
    for (const each of cut) {
      if (each.phase === 'queued') each.life.drop(each, below)
      else {
        each.#abort()
        if (each.life.transition === each) each.life.enter('stopping')
      }
    }
  }

  /** Calls all stop hooks that are still due, now, and awaits none of them, nor those that are awaited already. */
  hurryUp(seconds: Seconds): void {
    const stops = this.#underWay().filter((each) => each.kind === 'stop' && each.hurry === undefined)
    for (const each of stops) each.hurry = seconds
    for (const each of stops) each.#abort()
    for (const each of stops) {
      if (each.phase === 'awaiting') each.#abandonStop(seconds)
      else if (each.phase === 'queued') each.#hurryQueued(seconds)
    }
  }

  #hurryQueued(seconds: Seconds): void {
    const { life } = this
    const before = life.transition
    if (before !== undefined && before.kind !== 'stop' && !before.abandoned) {
      this.#late = before.#leaves('awaiting')
      before.#giveUp()
    }
    // A collection goes on without what it waited for, and stops the rest; a hook is left alone.
    if (before === undefined || before.abandoned) life.drop(this, new StopTimeoutError(life.path, seconds))
  }

  #expire(seconds: Seconds): void {
    if (this.settled) return
    if (this.kind === 'stop') {
      this.hurryUp(seconds)
      return
    }
    this.cancel(new StartTimeoutError(this.life.path, seconds, this.#leaves()), true)
    this.#giveUp()
  }

  /** Ends the waiting for a start that was cut short already, and for what is under way below it. */
  #giveUp(): void {
    for (const each of this.#underWay()) {
      if (each.phase === 'awaiting') each.#abandonStart()
      else if (each === this || each.phase === 'undoing') each.settle(each.reason ?? each.error)
    }
  }

  #abandonStart(): void {
    const { life, reason } = this
    this.abandoned = true
    life.running = false
    life.lastError = reason
    life.enter('failed')
    this.settle(reason)
    life.dropStop()
    tellRest(life)
  }

  #abandonStop(seconds: Seconds): void {
    const { life, walk } = this
    this.abandoned = true
    const errors = walk?.errors ?? []
    const cause = errors.length === 0 ? undefined : new ServiceStopErrors(life.path, errors)
    const error = new StopTimeoutError(life.path, seconds, walk?.pending, cause)
    life.lastError = error
    life.enter('failed')
    this.undone?.settle(this.undone.error)
    this.settle(error)
    tellRest(life)
  }

  /** The hook that nobody waits for any more has returned. */
  #afterAbandoned(error: Error | undefined): void {
    const { life } = this
    if (this.kind === 'stop') {
      this.phase = 'done'
      if (error === undefined) life.leave('stopped')
      else {
        life.transition = undefined
        life.report(error, 'A service failed to stop, after its deadline')
      }
      life.pump()
      return
    }
    if (error === undefined) {
      life.hookSucceeded(this.kind)
      const message = 'A service started after it was given up, and is stopped again'
      tell(this.context.log, 'warn', { service: life.path }, message)
    }
    this.#undoOrEnd()
  }

  /** Aborts the signal, if anybody has it. */
  #abort(): void {
    if (this.#controller === undefined) return
    const { reason, hurry, life } = this
    this.#controller.abort(reason ?? new StopTimeoutError(life.path, hurry!))
  }

  /** This and all those below it that it waits for. */
  #underWay(): Transition[] {
    const all: Transition[] = [this]
    for (let i = 0; i < all.length; i++) {
      const { walk } = all[i]!
      if (walk !== undefined) for (const each of walk.inFlight()) all.push(each)
    }
    return all
  }

  /** The paths of those below this that are waited for, at the end of each line; in one phase only when it is given. */
  #leaves(phase?: Phase): string[] {
    const leaves = this.#underWay().filter((each) => each !== this && each.phase !== 'children')
    return leaves.filter((each) => phase === undefined || each.phase === phase).map(({ life }) => life.path)
  }

  // The short way.

  /** Whether nobody can tell this from another. */
  get unseen(): boolean {
    return !this.seen && this.reason === undefined && this.life.extras === undefined && !statesAreHeard()
  }

  /** A transition that takes plain children of this one's collection through the same. */
  spare(walk: Walk): Transition {
    const spare = Transition.#take(this.kind, this.context, walk)
    spare.#plainOf = walk
    return spare
  }

  /** A transition that takes a service through the short way by itself. */
  static alone(kind: Kind, context: IServiceContext): Transition {
    return Transition.#take(kind, context, NOBODY)
  }

  static #take(kind: Kind, context: IServiceContext, follower: Follower): Transition {
    const spare = spares.pop() ?? new Transition(undefined as never, kind, 'new', undefined)
    spare.kind = kind
    spare.followers = follower
    spare.#context = context
    return spare
  }

  /**
   * Takes a service through the short way without leaving a trace. As soon as anybody looks, or something goes wrong, all goes by
   * the book.
   *
   * @returns whether it has come to the end of the way
   */
  passPlain(life: Lifecycle, way: ShortWay, now: number): boolean {
    this.life = life
    if (!life.beginPlain(this, way, now)) return true
    const hook = new Hook(this, this.#context!)
    let result: unknown
    let error: Error | undefined
    try {
      result = way.call(life.target, hook)
      if (result !== undefined && !isThenable(result)) result = undefined
    } catch (thrown) {
      error = asError(thrown)
    }
    if (result === undefined && error === undefined && this.unseen) {
      hook.release()
      return true
    }
    this.#plainOf?.plainLeaves(this)
    if (result === undefined || error !== undefined) this.afterHook(error)
    else this.awaitHook(result as PromiseLike<unknown>, hook)
    return false
  }

  /** Keeps a spare for the next walk, or the next service that goes by itself. */
  giveBack(): void {
    if (spares.length >= SPARES) return
    this.life = undefined as never
    this.followers = undefined
    this.#plainOf = undefined
    this.#context = undefined
    this.#hook = undefined
    spares.push(this)
  }
}
