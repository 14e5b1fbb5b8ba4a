/**
 * Work that is due at once, on a stack of its own: a tree of services can be as deep as it likes.
 *
 * Whoever is called from outside opens the loop, pushes work, and closes it; closing runs what was pushed since. A call from
 * inside a hook opens a loop within the loop, so that it is finished when it returns. Nothing that throws leaves the loop open
 * or work undone: what was thrown first comes out when the outermost loop has ended.
 *
 * @module
 */
import { asError } from '@sennit/runtime/internal'

/** A piece of work. */
export interface Step {
  /** Does it, and may push more. Never throws. */
  step(): void
}

const stack: Step[] = []
const postponed: (() => void)[] = []
let open = 0
let turn = 0
/** What work has thrown, which should not. */
let thrown: Error | undefined

/** Opens the loop; what it returns is to be given to `closeLoop`. */
export function openLoop(): number {
  if (open++ === 0) turn++
  return stack.length
}

/** Does all work that was pushed since the loop was opened. */
export function closeLoop(base: number): void {
  run(base)
  if (open === 1 && postponed.length > 0) {
    for (let next = postponed.shift(); next !== undefined; next = postponed.shift()) {
      try {
        next()
      } catch (error) {
        thrown ??= asError(error)
      }
      run(base)
    }
  }
  if (--open > 0 || thrown === undefined) return
  const first = thrown
  thrown = undefined
  throw first
}

function run(base: number): void {
  while (stack.length > base) {
    try {
      stack.pop()!.step()
    } catch (error) {
      thrown ??= asError(error)
    }
  }
}

/** Does something, and then all work that it has pushed. */
export function inLoop<T>(f: () => T): T {
  const base = openLoop()
  try {
    return f()
  } finally {
    closeLoop(base)
  }
}

/** Adds work, to be done next. */
export function push(step: Step): void {
  stack.push(step)
}

/** Does something now, or when the outermost loop has ended: what cuts a transition short must not do so from inside it. */
export function outside(f: () => void): void {
  if (open > 0) {
    postponed.push(f)
    return
  }
  inLoop(f)
}

/** Grows with every outermost loop: within one, no time has passed. */
export function currentTurn(): number {
  return turn
}
