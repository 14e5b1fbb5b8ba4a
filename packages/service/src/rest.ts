/**
 * Telling services that nothing will start them any more, as far as can be known: what waits for their start need not wait.
 *
 * A service is told when it rests, and neither its own start nor one of a service above it that will come to it is on its
 * way. It is told by whatever decided that: its own stop, its own start that failed or was given up, or the same of a service
 * above it, also when it has never been started itself.
 *
 * @module
 */
import { asError } from '@sennit/runtime/internal'
import type { Lifecycle } from './lifecycle.ts'

/** Whether a start of the service waits or is under way, its own or one above that will come to it. */
export function startExpected(life: Lifecycle): boolean {
  if (life.startWaits || life.transition?.starts === true) return true
  let child = life
  for (let above = child.collection; above !== undefined; above = child.collection) {
    if (above.startWaits || above.transition?.reaches(child) === true) return true
    child = above
  }
  return false
}

/** Tells the service, and those below it, when they rest and no start is expected. */
export function tellRest(life: Lifecycle): void {
  const wanted = life.target.onRest !== undefined
  const wantedBelow = life.children?.wantRest === true
  if ((!wanted && !wantedBelow) || !restsForGood(life)) return
  if (wanted) tell(life)
  if (!wantedBelow) return
  // A service that is told may start another.
  for (const below of wishingBelow(life)) if (restsForGood(below)) tell(below)
}

/** Notes in all collections above that a service wants to be told. */
export function noteWish(child: Lifecycle): void {
  if (child.target.onRest === undefined && child.children?.wantRest !== true) return
  for (let above = child.collection; above !== undefined; above = above.collection) {
    if (above.children!.wantRest) return
    above.children!.wantRest = true
  }
}

function restsForGood(life: Lifecycle): boolean {
  return life.rests && !startExpected(life)
}

function wishingBelow(top: Lifecycle): Lifecycle[] {
  const found: Lifecycle[] = []
  const work = [top]
  for (let life = work.pop(); life !== undefined; life = work.pop()) {
    for (let child = life.children!.first; child !== undefined; child = child.next) {
      if (child.target.onRest !== undefined) found.push(child)
      if (child.children?.wantRest === true) work.push(child)
    }
  }
  return found
}

function tell(life: Lifecycle): void {
  try {
    life.target.onRest!()
  } catch (thrown) {
    life.report(asError(thrown), 'A service threw when it was told that it rests')
  }
}
