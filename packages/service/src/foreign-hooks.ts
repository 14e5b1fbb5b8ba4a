/**
 * Hooks of a service that keeps no life of its own: anything that has the role `IService`.
 *
 * @module
 */
import type { IService, TransitionOptions } from '@sennit/interfaces'
import type { HookTarget } from './hook.ts'

/** Calls the service that it stands for; what a hook is given has the signal among its members. */
export class ForeignHooks implements HookTarget {
  readonly service: IService
  /** There when the service has it, such as one of another copy of this package. */
  readonly onRest: (() => void) | undefined

  constructor(service: IService) {
    this.service = service
    const { onRest } = service as HookTarget
    if (typeof onRest === 'function') this.onRest = () => onRest.call(service)
  }

  onPrivilegedStart(hook: TransitionOptions): void | Promise<void> {
    return this.service.privilegedStartService(hook)
  }

  onStart(hook: TransitionOptions): void | Promise<void> {
    return this.service.startService(hook)
  }

  onStop(hook: TransitionOptions): void | Promise<void> {
    return this.service.stopService(hook)
  }
}
