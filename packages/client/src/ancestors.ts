/**
 * The services above a service: what becomes of them decides whether it will be started.
 *
 * @module
 */
import type { IObservable, IService, ServiceState } from '@sennit/interfaces'
import { hasRole } from '@sennit/runtime'
import { noop } from './noop.ts'

const isOver = (state: ServiceState): boolean => state === 'failed' || state === 'stopped'

/**
 * Calls `over` when a service above this one is stopped, or fails; at once when one has been. A parent need not tell its
 * child of that when the child was never started.
 *
 * @returns ends it
 */
export function watchAncestors(service: Pick<IService, 'parent'>, over: () => void): () => void {
  const ends: (() => void)[] = []
  const end = () => {
    for (const each of ends.splice(0)) each()
  }
  for (const above of ancestors(service)) {
    if (!hasRole<IObservable>(above, ['onStateChange'])) continue
    if (isOver(above.state)) {
      end()
      over()
      return noop
    }
    const changed = (state: ServiceState) => {
      // The service may have been moved away.
      if (isOver(state) && ancestors(service).includes(above)) over()
    }
    ends.push(above.onStateChange(changed))
  }
  return end
}

function ancestors(service: Pick<IService, 'parent'>): readonly object[] {
  const found: object[] = []
  let above: object | undefined = service.parent
  while (above !== undefined) {
    found.push(above)
    above = (above as Partial<Pick<IService, 'parent'>>).parent
  }
  return found
}
