/**
 * A failure after the start, on its way up the tree.
 *
 * @module
 */
import type { IFailureHandler, IService } from '@sennit/interfaces'
import { asError } from '@sennit/runtime/internal'
import { locateStart } from './errors.ts'
import type { Lifecycle } from './lifecycle.ts'

/** Hands a failure up from where it is, until a service has a policy of its own. */
export function fail(origin: Lifecycle, error: Error): void {
  if (!enterFailed(origin, error, origin) || decide(origin, error, origin.service, origin)) return
  let child = origin
  for (let above = child.collection; above !== undefined; above = child.collection) {
    if (decide(above, error, child.service, origin) || !enterFailed(above, error, origin)) return
    child = above
  }
  const parent = child.service.parent as Partial<IFailureHandler> | undefined
  if (typeof parent?.childFailed !== 'function') {
    origin.report(error, 'A service failed')
    return
  }
  try {
    parent.childFailed(child.service, error)
  } catch (thrown) {
    origin.report(error, 'A service failed')
    child.report(asError(thrown), 'A parent threw when it was told of a failure')
  }
}

/** A child of another kind has failed. */
export function failBelow(life: Lifecycle, child: IService, error: Error): void {
  if (!decide(life, error, child, life)) fail(life, error)
}

/** @returns whether the failure goes on to the parent: a start that it cuts short tells it itself */
function enterFailed(life: Lifecycle, error: Error, origin: Lifecycle): boolean {
  const current = life.transition
  if (
    current !== undefined &&
    current.kind !== 'stop' &&
    current.reason === undefined &&
    current.phase !== 'done'
  ) {
    current.cancel(origin === life ? error : locateStart(origin, error), true)
    return false
  }
  life.lastError = error
  if (current !== undefined || !life.due || life.state === 'failed') {
    origin.report(error, 'A service failed')
    return false
  }
  life.running = false
  life.enter('failed')
  return true
}

/**
 * @param service - the child that has failed, or the service itself
 * @param origin - where the failure began, as far as it is known
 * @returns whether the service has a policy of its own
 */
function decide(life: Lifecycle, error: Error, service: IService, origin: Lifecycle): boolean {
  const policy = life.settings?.onFailure ?? 'propagate'
  if (policy === 'propagate') return false
  if (policy === 'log') origin.report(error, 'A service failed')
  else {
    try {
      policy(error, service)
    } catch (thrown) {
      life.report(asError(thrown), 'A failure handler threw')
    }
  }
  return true
}
