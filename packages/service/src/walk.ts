/**
 * A walk over the children of a collection: forwards to start them, backwards to stop them, one after another or all in
 * one turn. The children may change meanwhile.
 *
 * | the walk waits for | a child has done       | a child has failed             | children change                |
 * |--------------------|------------------------|--------------------------------|--------------------------------|
 * | one child          | visits the next        | start: ends; stop: the next    | visits what is there then      |
 * | all children       | ends with the last one | start: gives the others up     | start: visits the new one      |
 *
 * @module
 */
import { cancelledStart, locateStart, locateStop, StopTimeoutError } from './errors.ts'
import type { Lifecycle } from './lifecycle.ts'
import { seesDebug } from './log.ts'
import { push, type Step } from './loop.ts'
import { isOpen, SHORT_WAYS, type ShortWay } from './short-way.ts'
import type { Follower } from './settlement.ts'
import { statesAreHeard } from './state-news.ts'
import type { Transition } from './transition.ts'
import { timeOfTurn } from './turn-time.ts'

/** How many children are visited in one call. */
const SOME = 16

/** A walk over the children of a collection. */
export class Walk implements Step, Follower {
  /** What went wrong; of a start, the first thing only. */
  readonly errors: Error[] = []
  /** The paths of those that did not stop in time. */
  readonly pending: string[] = []
  readonly #transition: Transition
  readonly #way: ShortWay
  /** Whether each state is logged. */
  readonly #logs: boolean
  /** Whether nobody follows the states of children that have no listener. It changes only while a hook runs. */
  #quiet = false
  /** The time of this turn, as a service keeps it. */
  #now = 0
  /** The child that was visited last. */
  #cursor: Lifecycle | undefined = undefined
  /** What has to end before the next child is visited. */
  #current: Transition | undefined = undefined
  /** What has to end when all children are visited in one turn. */
  readonly #others: Set<Transition> | undefined
  /** Whether all children that there are have been visited in one turn. */
  #launched = false
  #ended = false
  /** A transition for plain children that nobody has seen. */
  #spare: Transition | undefined = undefined

  constructor(transition: Transition) {
    this.#transition = transition
    this.#way = SHORT_WAYS[transition.kind]
    this.#logs = seesDebug(transition.context.log)
    this.#others = transition.life.children!.together ? new Set() : undefined
  }

  /** Whether the walk will come to a child that it has not visited. */
  reaches(child: Lifecycle): boolean {
    if (this.errors.length > 0) return false
    let next = this.#cursor === undefined ? this.#transition.life.children!.first : this.#cursor.next
    while (next !== undefined && next !== child) next = next.next
    return next !== undefined
  }

  /** The transitions that the walk waits for. */
  inFlight(): Transition[] {
    const all = this.#others === undefined ? [] : [...this.#others]
    if (this.#current !== undefined) all.push(this.#current)
    return all
  }

  step(): void {
    if (this.#ended) return
    this.#quiet = !this.#logs && !statesAreHeard()
    this.#now = timeOfTurn(this.#transition.context)
    const others = this.#others
    if (others === undefined) {
      while (this.#current === undefined && !this.#ended) this.#visitSome()
      return
    }
    while (!this.#launched) {
      const child = this.#next()
      if (child === undefined) this.#launched = true
      else if (!this.#visitPlain(child)) {
        // This comes again when the child has done what it can do now.
        push(this)
        this.#visit(child)
        return
      }
    }
    if (others.size === 0) this.#end()
  }

  /** Visits one child after another, but not all in one call: what is called often is compiled once, one loop over all of them anew for each walk. */
  #visitSome(): void {
    for (let left = SOME; left > 0 && this.#current === undefined; left--) {
      const child = this.#next()
      if (child === undefined) {
        this.#end()
        return
      }
      if (!this.#visitPlain(child)) this.#visit(child)
    }
  }

  /** A child's transition has settled. */
  childDone(child: Transition, error: Error | undefined): void {
    if (!this.#delete(child)) return
    this.#tellEnd(child.life, error)
    if (!this.#waits) push(this)
  }

  /** A child was added; when all others have been started in one turn, it is started now. */
  childAdded(): void {
    if (!this.#launched || this.#ended) return
    this.#launched = false
    push(this)
  }

  /** A child is taken out of the list: the walk goes on from its neighbour. */
  childLeaves(child: Lifecycle): void {
    if (this.#cursor !== child) return
    this.#cursor = this.#transition.kind === 'stop' ? child.next : child.previous
  }

  /** Stops waiting for a child that has left. */
  forget(child: Transition): void {
    if (this.#delete(child) && !this.#waits) push(this)
  }

  /** The hook of a plain child is done, and nobody has looked. */
  plainDone(transition: Transition): void {
    this.#now = timeOfTurn(this.#transition.context)
    this.#endPlain(transition.life)
    this.#delete(transition)
    this.#spare ??= transition
    if (!this.#waits) this.step()
  }

  get #waits(): boolean {
    return (
      this.#current !== undefined ||
      (this.#others !== undefined && (!this.#launched || this.#others.size > 0))
    )
  }

  #delete(transition: Transition): boolean {
    if (this.#current !== transition) return this.#others?.delete(transition) ?? false
    this.#current = undefined
    return true
  }

  #next(): Lifecycle | undefined {
    const { kind, life, reason } = this.#transition
    if (kind !== 'stop' && (reason !== undefined || this.errors.length > 0)) return undefined
    const children = life.children!
    const cursor = this.#cursor
    const child =
      kind === 'stop'
        ? cursor === undefined
          ? children.last
          : cursor.previous
        : cursor === undefined
          ? children.first
          : cursor.next
    if (child !== undefined) this.#cursor = child
    return child
  }

  #visit(child: Lifecycle): void {
    const { kind, hurry } = this.#transition
    // A start that is past its deadline undoes itself when it returns; it holds nobody up.
    if (kind === 'stop' && child.transition?.abandoned === true && child.transition.kind !== 'stop') return
    if (kind === 'start' && child.late) child.request('privileged', undefined)
    child.late = false
    const transition = child.request(kind, this)
    if (transition === undefined) return
    // A listener may have brought it to its end inside the call, before this could wait for it.
    if (transition.settled) {
      this.#tellEnd(child, transition.error)
      return
    }
    if (this.#others === undefined) this.#current = transition
    else this.#others.add(transition)
    if (transition.phase === 'queued') transition.arm()
    if (hurry !== undefined) transition.hurryUp(hurry)
  }

  /**
   * Takes a child through its transition without leaving a trace: most services of a big tree have no children, no
   * options and nobody who looks. As soon as anybody does, or something goes wrong, all goes by the book.
   *
   * @returns whether the child was such a one
   */
  #visitPlain(child: Lifecycle): boolean {
    if (child.transition !== undefined || child.extras !== undefined || !this.#quiet) return false
    const way = this.#way
    if (!isOpen(way, child.marks) || this.#transition.hurry !== undefined) return false
    const transition = (this.#spare ??= this.#transition.spare(this))
    this.#current = transition
    if (!transition.passPlain(child, way, this.#now)) return true
    this.#current = undefined
    this.#endPlain(child)
    return true
  }

  #endPlain(child: Lifecycle): void {
    child.endPlain(this.#way, this.#now, this.#transition.life.children!.wantRest)
  }

  /** The hook of a plain child has not just returned, or somebody has looked: from now on all goes by the book. */
  plainLeaves(transition: Transition): void {
    this.#spare = undefined
    this.#quiet &&= !statesAreHeard()
    if (this.#others === undefined) return
    this.#current = undefined
    this.#others.add(transition)
  }

  /** A child that leaves in its own hook is still waited for; what becomes of it is told to whoever took it out. */
  #tellEnd(child: Lifecycle, error: Error | undefined): void {
    if (error !== undefined && child.collection === this.#transition.life) this.#failed(child, error)
  }

  #failed(child: Lifecycle, error: Error): void {
    const { kind, reason, hurry } = this.#transition
    if (kind === 'stop') {
      if (error instanceof StopTimeoutError && hurry !== undefined) {
        this.pending.push(...(error.pending.length > 0 ? error.pending : [error.path]))
      } else {
        for (const each of locateStop(child, error)) this.errors.push(each)
      }
      return
    }
    if (reason !== undefined || this.errors.length > 0) return
    this.errors.push(locateStart(child, error))
    for (const other of this.inFlight()) other.cancel(cancelledStart(other.life), false)
  }

  #end(): void {
    this.#ended = true
    this.#spare?.giveBack()
    this.#spare = undefined
    this.#transition.afterChildren()
  }
}
