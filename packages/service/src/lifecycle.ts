/**
 * The life of one service: its state, and which transition runs, waits or joins.
 *
 * | at rest in          | privilegedStart | start          | stop     | fail      |
 * |---------------------|-----------------|----------------|----------|-----------|
 * | idle, stopped       | begins          | begins         | nothing  | logged    |
 * | failed, nothing due | begins          | begins         | nothing  | logged    |
 * | prepared            | nothing         | begins         | begins   | failed, due |
 * | running             | nothing         | nothing        | begins   | failed, due |
 * | failed, stop due    | stop, then it   | stop, then it  | begins   | logged    |
 *
 * | while in transit    | privilegedStart | start          | stop                          | fail           |
 * |---------------------|-----------------|----------------|-------------------------------|----------------|
 * | privileged start    | joins           | waits for it   | cuts it short, waits, stops   | cuts it short  |
 * | start               | joins           | joins          | cuts it short, waits, stops   | cuts it short  |
 * | start, cut short    | waits           | waits          | joins                         | logged         |
 * | stop                | waits           | waits          | joins                         | logged         |
 * | abandoned start     | waits           | waits          | nothing                       | logged         |
 * | abandoned stop      | waits           | waits          | waits                         | logged         |
 *
 * A stop drops the starts that wait. `prepared` is the state between the privileged start and the start; people see
 * `starting`. `running` is what the last caller wanted.
 *
 * @module
 */
import type { IService, IServiceContext, Seconds, ServiceState } from '@sennit/interfaces'
import { asError, tell } from '@sennit/runtime/internal'
import type { Children } from './children.ts'
import { type ContextPlace, overlay, type OwnContext, processContext, resolveContext } from './context.ts'
import { cancelledStart, DuplicateServiceError, ServiceParentError } from './errors.ts'
import { ForeignHooks } from './foreign-hooks.ts'
import { hasHook, type HookTarget, type Kind } from './hook.ts'
import { seesDebug } from './log.ts'
import { outside, push } from './loop.ts'
import { DUE, LATE, prepared, STATE, stateOf, TOUCHED, WANTED, withState } from './marks.ts'
import type { FailurePolicy } from './options.ts'
import { noteWish, tellRest } from './rest.ts'
import type { Follower } from './settlement.ts'
import { isOpen, type ShortWay } from './short-way.ts'
import { StateListeners } from './state-listeners.ts'
import { statesAreHeard, tellState } from './state-news.ts'
import { Transition } from './transition.ts'
import { asSeconds, NEVER, timeOfTurn } from './turn-time.ts'

/** What was given to a service as options, checked. */
export interface Settings {
  readonly own?: OwnContext | undefined
  readonly startTimeout?: Seconds | undefined
  readonly stopTimeout?: Seconds | undefined
  readonly onFailure?: FailurePolicy | undefined
}

/** The transitions that wait for the one that runs. */
interface Queue {
  privileged?: Transition | undefined
  start?: Transition | undefined
  stop?: Transition | undefined
}

/** What most services never have. */
class Extras {
  children: Children | undefined = undefined
  settings: Settings | undefined = undefined
  listeners: StateListeners<ServiceState> | undefined = undefined
  lastError: Error | undefined = undefined
  queue: Queue | undefined = undefined
}

/** The life of one service. There may be very many of them, so this is small. */
export class Lifecycle implements ContextPlace {
  // What a walk over many children reads and writes comes first: so it lies together in memory.
  transition: Transition | undefined = undefined
  extras: Extras | undefined = undefined
  marks = 0
  since: number = NEVER
  readonly target: HookTarget
  next: Lifecycle | undefined = undefined
  previous: Lifecycle | undefined = undefined
  #context: IServiceContext | undefined = undefined
  /** The collection to which it belongs, when that is of this kind. */
  collection: Lifecycle | undefined = undefined
  name: string | undefined

  constructor(target: HookTarget, name: string | undefined, settings: Settings | undefined) {
    this.target = target
    this.name = name
    if (settings !== undefined) this.settings = settings
  }

  get #extra(): Extras {
    return (this.extras ??= new Extras())
  }

  /** The service, as others see it. */
  get service(): IService {
    const { target } = this
    return target instanceof ForeignHooks ? target.service : (target as unknown as IService)
  }

  /** The children, when the service is a collection. */
  get children(): Children | undefined {
    return this.extras?.children
  }

  set children(children: Children) {
    this.#extra.children = children
  }

  get settings(): Settings | undefined {
    return this.extras?.settings
  }

  set settings(settings: Settings) {
    this.#extra.settings = settings
  }

  get lastError(): Error | undefined {
    return this.extras?.lastError
  }

  set lastError(error: Error | undefined) {
    this.#extra.lastError = error
  }

  get state(): ServiceState {
    return stateOf(this.marks)
  }

  get due(): boolean {
    return (this.marks & DUE) !== 0
  }

  set due(due: boolean) {
    this.#mark(DUE, due)
  }

  get late(): boolean {
    return (this.marks & LATE) !== 0
  }

  set late(late: boolean) {
    this.#mark(LATE, late)
  }

  get running(): boolean {
    return (this.marks & WANTED) !== 0
  }

  set running(running: boolean) {
    this.#mark(WANTED, running)
  }

  #mark(mark: number, on: boolean): void {
    this.marks = on ? this.marks | mark : this.marks & ~mark
  }

  get own(): OwnContext | undefined {
    return this.settings?.own
  }

  get foreignContext(): OwnContext | undefined {
    if (this.collection !== undefined) return undefined
    return (this.service.parent as { context?: OwnContext } | undefined)?.context
  }

  /** From the start on what was inherited then, else what would be inherited now. */
  get context(): IServiceContext {
    if (this.#context !== undefined) return this.#context
    // What started the short way has what its collection has.
    const { collection } = this
    if (this.active && collection !== undefined && collection.#context !== undefined)
      return collection.#context
    return resolveContext(this)
  }

  /** When it entered its state. */
  get sinceWhen(): Seconds | undefined {
    return this.since === NEVER ? undefined : asSeconds(this.since)
  }

  /** What the service is called in a path. */
  get label(): string {
    return this.name ?? this.target.pathLabel ?? this.service.constructor.name
  }

  get path(): string {
    const labels = [this.label]
    let top: Lifecycle = this
    while (top.collection !== undefined) {
      top = top.collection
      labels.push(top.label)
    }
    const above = pathOfForeign(top.service)
    if (above !== undefined) labels.push(above)
    return labels.toReversed().join('/')
  }

  /** Whether anything is started, or on the way to or from it. */
  get active(): boolean {
    return this.due || this.transition !== undefined
  }

  /** Whether nothing of it is started, and nobody waits for a hook of it. */
  get rests(): boolean {
    return !this.due && (this.transition === undefined || this.transition.abandoned)
  }

  /** Whether it is at rest between the privileged start and the start. */
  get #prepared(): boolean {
    return prepared(this.marks)
  }

  /**
   * Takes what the collection has at this moment.
   *
   * @throws what a parent of another kind throws when it is asked
   */
  inherit(): void {
    const { collection } = this
    this.#context =
      collection?.active === true ? overlay(this.own, collection.context) : resolveContext(this, rethrow)
  }

  // Children.

  /** @throws ServiceParentError when the child is above this */
  assertBelow(child: Lifecycle): void {
    if (child !== this && (child.children?.size ?? 0) === 0) return
    for (let above: Lifecycle | undefined = this; above !== undefined; above = above.collection) {
      if (above === child) {
        throw new ServiceParentError('a collection that is not below the service', this.path)
      }
    }
  }

  /** @throws DuplicateServiceError when there is one of that name, or the child itself */
  assertAccepts(child: Lifecycle, name: string | undefined = child.name): void {
    if (child.collection === this || (name !== undefined && this.children!.named(name) !== undefined)) {
      throw new DuplicateServiceError(this.path, name)
    }
  }

  /**
   * Takes a child in; while this is starting, it is started in its turn.
   *
   * @returns whether it is to be started at once
   */
  adopt(child: Lifecycle): boolean {
    this.children!.append(child)
    child.collection = this
    noteWish(child)
    const current = this.transition
    if (current === undefined) {
      child.late = this.#prepared
      return this.state === 'running'
    }
    child.late = current.kind === 'start'
    if (current.kind !== 'stop') current.walk?.childAdded()
    return false
  }

  /** Lets a child go; what waits for it goes on without it. */
  release(child: Lifecycle): void {
    const current = this.transition
    current?.walk?.childLeaves(child)
    if (child.active) child.#context ??= this.#context
    this.children!.remove(child)
    child.collection = undefined
    child.late = false
    const under = child.transition
    for (const each of [under, under?.undone, child.extras?.queue?.stop]) {
      if (each !== undefined) outside(() => current?.walk?.forget(each))
    }
  }

  // What is asked for.

  /**
   * Asks for a transition, and pushes it when it is to begin.
   *
   * @returns the transition to wait for; `undefined` when there is nothing to do
   */
  request(kind: Kind, follower: Follower | undefined): Transition | undefined {
    if (kind === 'stop') return this.#requestStop(follower)
    const current = this.transition
    if (current === undefined) {
      const prepared = this.#prepared
      if (this.due && this.state !== 'failed' && !(prepared && kind === 'start')) return undefined
      if (kind === 'start') this.running = true
      if (!this.due || prepared) return this.#begin(new Transition(this, kind, 'new', follower))
      // It failed, and has not been stopped yet.
      this.#begin(new Transition(this, 'stop', 'new', undefined))
      return this.#enqueue(kind, follower)
    }
    const leaving = current.kind === 'stop' || current.reason !== undefined || current.phase === 'done'
    if (!leaving && (current.kind === kind || kind === 'privileged')) {
      current.follow(follower)
      return current
    }
    if (kind === 'start') this.running = true
    return this.#enqueue(kind, follower)
  }

  #requestStop(follower: Follower | undefined): Transition | undefined {
    this.running = false
    this.#dropStarts()
    const current = this.transition
    if (current === undefined) {
      if (this.due) return this.#begin(new Transition(this, 'stop', 'new', follower))
      tellRest(this)
      return undefined
    }
    // A listener is told of the end: nothing is started any more.
    if (current.phase === 'done') return undefined
    if (current.kind === 'stop' && !current.abandoned) {
      current.follow(follower)
      return current
    }
    // It undoes itself when its hook returns; nobody can do more.
    if (current.kind !== 'stop' && current.abandoned) return undefined
    const queued = this.#enqueue('stop', follower)
    current.cancel(this.cancelled(), false)
    return queued
  }

  #begin(transition: Transition): Transition {
    this.transition = transition
    push(transition)
    return transition
  }

  #enqueue(kind: Kind, follower: Follower | undefined): Transition {
    const queue = (this.#extra.queue ??= {})
    const waiting = queue[kind]
    if (waiting !== undefined) {
      waiting.follow(follower)
      return waiting
    }
    return (queue[kind] = new Transition(this, kind, 'queued', follower))
  }

  #dropStarts(): void {
    const { privileged, start } = this.extras?.queue ?? {}
    if (privileged !== undefined) this.drop(privileged, this.cancelled())
    if (start !== undefined) this.drop(start, this.cancelled())
  }

  /** Takes a transition out that waits for another. */
  drop(queued: Transition, error: Error | undefined): void {
    const queue = this.extras!.queue!
    if (queue[queued.kind] === queued) queue[queued.kind] = undefined
    queued.phase = 'done'
    queued.settle(error)
    // What is abandoned may never end; all else tells it then.
    if (this.transition?.abandoned === true) tellRest(this)
  }

  /** Whether a start waits for what runs. */
  get startWaits(): boolean {
    return this.extras?.queue?.start !== undefined
  }

  /** Ends the waiting of a stop for a start that was abandoned, unless that has an error of its own. */
  dropStop(): void {
    const stop = this.extras?.queue?.stop
    if (stop !== undefined && stop.hurry === undefined) this.drop(stop, undefined)
  }

  takeQueuedStop(): Transition | undefined {
    const stop = this.extras?.queue?.stop
    if (stop !== undefined) this.extras!.queue!.stop = undefined
    return stop
  }

  /** Begins what waits, when nothing runs. */
  pump(): void {
    const queue = this.extras?.queue
    if (queue === undefined) return
    for (const kind of ['stop', 'privileged', 'start'] as const) {
      const next = queue[kind]
      if (this.transition !== undefined) return
      if (next === undefined) continue
      queue[kind] = undefined
      const nothing = kind === 'stop' ? !this.due : this.due && !(kind === 'start' && this.#prepared)
      if (nothing) {
        next.phase = 'done'
        next.settle(undefined)
      } else {
        next.phase = 'new'
        this.#begin(next)
      }
    }
  }

  /** What a start of this rejects with that was given up. */
  cancelled(): Error {
    return cancelledStart(this)
  }

  // The short way, for a service that is watched by nobody.

  /**
   * The context with which it can go the short way by itself: nothing that is its own, or of somebody above, has a say.
   *
   * @returns nothing when it cannot
   */
  contextAlone(way: ShortWay): IServiceContext | undefined {
    if (this.transition !== undefined || this.extras !== undefined || this.collection !== undefined)
      return undefined
    if (!isOpen(way, this.marks) || statesAreHeard() || this.service.parent !== undefined) return undefined
    const context = this.#context ?? processContext()
    if (seesDebug(context.log)) return undefined
    return (this.#context = context)
  }

  /**
   * It sets out on the short way.
   *
   * @returns whether there is a hook on it
   */
  beginPlain(transition: Transition, way: ShortWay, now: number): boolean {
    const { marks } = this
    this.transition = transition
    this.since = now
    this.marks = (marks & way.kept) | way.begun
    return way.kind !== 'stop' || (marks & TOUCHED) !== 0
  }

  /**
   * It has come to the end of the short way.
   *
   * @param tells - whether anybody who rests now wants to be told
   */
  endPlain(way: ShortWay, now: number, tells: boolean): void {
    this.transition = undefined
    this.since = now
    this.marks = (this.marks & ~STATE) | way.ended
    if (way.kind === 'stop') {
      if (this.#context !== undefined) this.#context = undefined
      if (tells) tellRest(this)
    } else if (way.kind === 'privileged' && hasHook(this.target, way.kind)) this.marks |= TOUCHED
  }

  /** The hook of a start has succeeded, or there is none. */
  hookSucceeded(kind: Kind): void {
    this.marks |= kind === 'start' || hasHook(this.target, kind) ? DUE | TOUCHED : DUE
  }

  /** Whether there is a hook to be called for a transition. That of a stop is called once for what hooks have started. */
  takeHook(kind: Kind): boolean {
    if (kind === 'stop') {
      if ((this.marks & TOUCHED) === 0) return false
      this.marks &= ~TOUCHED
    }
    return hasHook(this.target, kind)
  }

  // How transitions end.

  started(transition: Transition): void {
    this.transition = undefined
    if (transition.kind === 'start') this.enter('running')
    transition.settle(undefined)
    this.pump()
  }

  notStarted(transition: Transition): void {
    // Who asked for the start while the privileged start was under way gets the same answer.
    const start =
      transition.kind === 'privileged' && transition.failed ? this.extras?.queue?.start : undefined
    if (start !== undefined) {
      this.extras!.queue!.start = undefined
      this.running = false
    }
    this.#rest(transition)
    transition.settle(transition.error)
    if (start !== undefined) {
      start.failed = true
      this.drop(start, transition.error!)
    }
    this.pump()
  }

  stopped(transition: Transition, error: Error | undefined): void {
    const { undone } = transition
    if (error !== undefined) {
      this.lastError = error
      this.leave('failed')
    } else if (undone !== undefined) this.#rest(undone)
    else this.leave('stopped')
    if (undone !== undefined) {
      undone.phase = 'done'
      if (error !== undefined && !transition.awaited) {
        this.report(error, 'A service that did not start could not be stopped')
      }
      undone.settle(undone.error)
    }
    transition.settle(error)
    this.pump()
  }

  #rest(start: Transition): void {
    if (start.failed) this.lastError = start.error
    this.leave(start.failed ? 'failed' : 'stopped')
  }

  /**
   * Enters a state in which the service may inherit something else. What a listener asks for comes after all that was
   * asked for before, so the transition counts as long as listeners are told.
   */
  leave(state: ServiceState): void {
    this.enter(state)
    this.transition = undefined
    if (!this.due) this.#context = undefined
    tellRest(this)
  }

  // What others are told.

  /** Logs an error of this service. */
  report(error: Error, message: string, service: string = this.path): void {
    tell(this.context.log, 'error', { err: error, service }, message)
  }

  listen(listener: (state: ServiceState) => void): () => void {
    return (this.#extra.listeners ??= new StateListeners()).add(listener)
  }

  enter(state: ServiceState): void {
    const { state: previous } = this
    if (previous === state) return
    this.marks = withState(this.marks, state)
    const { context } = this
    this.since = timeOfTurn(context)
    if (seesDebug(context.log))
      tell(context.log, 'debug', { service: this.path, state }, 'A service changed its state')
    if (statesAreHeard()) tellState(this, previous)
    this.extras?.listeners?.tell(state, (thrown) => this.report(asError(thrown), 'A state listener threw'))
  }
}

function rethrow(thrown: unknown): never {
  throw thrown
}

/** The path of a parent of another kind; it may throw, and then it has none. */
function pathOfForeign({ parent }: IService): string | undefined {
  try {
    const { path, name } = (parent ?? {}) as { path?: unknown; name?: string | undefined }
    return typeof path === 'string' ? path : name
  } catch {
    return undefined
  }
}
