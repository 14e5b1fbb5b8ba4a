/**
 * Calling the hooks of a service.
 *
 * @module
 */
import type { IServiceContext } from '@sennit/interfaces'
import type { HookContext } from './options.ts'

/** What a transition does. */
export type Kind = 'privileged' | 'start' | 'stop'

/** Whatever has the hooks of a service. */
export interface HookTarget {
  onPrivilegedStart?(hook: object): unknown
  onStart?(hook: object): unknown
  onStop?(hook: object): unknown
  onRest?: (() => void) | undefined
  readonly pathLabel?: string | undefined
}

/** Whatever can make the signal that a hook is given. */
interface SignalSource {
  readonly signal: AbortSignal
}

/** What a hook is given; the signal is made when somebody reads it. */
export class Hook implements HookContext {
  #source: SignalSource | undefined
  readonly #context: IServiceContext

  constructor(source: SignalSource, context: IServiceContext) {
    this.#source = source
    this.#context = context
  }

  get signal(): AbortSignal {
    return this.#source?.signal ?? new AbortController().signal
  }

  get context(): IServiceContext {
    return this.#context
  }

  /** The hook is done, and its transition is used for another. */
  release(): void {
    this.#source = undefined
  }
}

/** Whether there is a hook for such a transition. */
export function hasHook(target: HookTarget, kind: Kind): boolean {
  if (kind === 'start') return target.onStart !== undefined
  return kind === 'stop' ? target.onStop !== undefined : target.onPrivilegedStart !== undefined
}

/** Calls the hook, which is there. */
export function callHook(target: HookTarget, kind: Kind, hook: HookContext): unknown {
  if (kind === 'start') return target.onStart!(hook)
  return kind === 'stop' ? target.onStop!(hook) : target.onPrivilegedStart!(hook)
}
