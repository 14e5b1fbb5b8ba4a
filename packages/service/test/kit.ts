/** What the tests of this package share. */
import type { ILog, IService, IServiceCollection, TransitionOptions } from '@sennit/interfaces'
import { realTurn } from '@sennit/runtime'
import { type HookContext, Service, type ServiceOptions } from '../src/index.ts'

/** A promise that the test settles. */
export interface Gate {
  readonly promise: Promise<void>
  open(): void
  fail(error: Error): void
}

export function gate(): Gate {
  let open!: () => void
  let fail!: (error: Error) => void
  const promise = new Promise<void>((resolve, reject) => {
    open = resolve
    fail = reject
  })
  return { promise, open, fail }
}

type HookBody = (hook: HookContext) => void | Promise<void>

/** What the hooks of a `Probe` do besides writing their name into the journal. */
export interface Bodies {
  privileged?: HookBody
  start?: HookBody
  stop?: HookBody
}

/** A service that writes `privileged db`, `start db`, `stop db` into a journal. */
export class Probe extends Service {
  readonly journal: string[]
  readonly bodies: Bodies

  constructor(name: string, journal: string[], bodies: Bodies = {}, options: ServiceOptions = {}) {
    super({ ...options, name })
    this.journal = journal
    this.bodies = bodies
  }

  protected override onPrivilegedStart(hook: HookContext): void | Promise<void> {
    this.journal.push(`privileged ${this.name}`)
    return this.bodies.privileged?.(hook)
  }

  protected override onStart(hook: HookContext): void | Promise<void> {
    this.journal.push(`start ${this.name}`)
    return this.bodies.start?.(hook)
  }

  protected override onStop(hook: HookContext): void | Promise<void> {
    this.journal.push(`stop ${this.name}`)
    return this.bodies.stop?.(hook)
  }
}

/** The narrowest thing that has the role, without a base class. */
export class Bare implements IService {
  name: string | undefined
  running = false
  parent: IServiceCollection | undefined = undefined
  readonly journal: string[]
  readonly signals: (AbortSignal | undefined)[] = []
  readonly bodies: Bodies

  constructor(name: string, journal: string[], bodies: Bodies = {}) {
    this.name = name
    this.journal = journal
    this.bodies = bodies
  }

  setName(name: string): void {
    this.name = name
  }

  setServiceParent(parent: IServiceCollection): void | Promise<void> {
    this.parent = parent
    return parent.addService(this)
  }

  disownServiceParent(): void | Promise<void> {
    const { parent } = this
    this.parent = undefined
    return parent?.removeService(this)
  }

  privilegedStartService(options?: TransitionOptions): void | Promise<void> {
    this.journal.push(`privileged ${this.name}`)
    return this.bodies.privileged?.(options as HookContext)
  }

  startService(options?: TransitionOptions): void | Promise<void> {
    this.running = true
    this.journal.push(`start ${this.name}`)
    return this.bodies.start?.(options as HookContext)
  }

  stopService(options?: TransitionOptions): void | Promise<void> {
    this.running = false
    this.journal.push(`stop ${this.name}`)
    return this.bodies.stop?.(options as HookContext)
  }
}

/** A log that keeps what it is given. */
export interface Recorder extends ILog {
  readonly events: { level: string; fields: Record<string, unknown>; message: string | undefined }[]
}

export function recorder(): Recorder {
  const events: Recorder['events'] = []
  const at = (level: string) => (fields: object, message?: string) => {
    events.push({ level, fields: fields as Record<string, unknown>, message })
  }
  return { events, debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }
}

/** The errors that a log was given. */
export function errorsOf({ events }: Recorder): unknown[] {
  return events.filter(({ level }) => level === 'error').map(({ fields }) => fields['err'])
}

/** What a promise has come to after everything that is ready has run. */
export async function outcome(promise: void | Promise<void>): Promise<unknown> {
  let seen: unknown = 'pending'
  Promise.resolve(promise).then(
    () => {
      seen = 'done'
    },
    (error: unknown) => {
      seen = error
    },
  )
  await realTurn()
  return seen
}

/** What several promises have come to. */
export function outcomes(...promises: (void | Promise<void>)[]): Promise<unknown[]> {
  return Promise.all(promises.map((promise) => outcome(promise)))
}

/** The states that a service enters from now on. */
export function statesOf(service: Service): string[] {
  const states: string[] = []
  service.onStateChange((state) => states.push(state))
  return states
}

/** The members of `expected` that are not the very same in `actual`: clocks that stand still are all equal. */
export function differing(actual: object, expected: object): string[] {
  return Object.entries(expected)
    .filter(([key, value]) => !Object.is((actual as Record<string, unknown>)[key], value))
    .map(([key]) => key)
}
