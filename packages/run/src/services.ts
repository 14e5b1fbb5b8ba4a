/**
 * What is run: companions first, then the application; stopped in reverse. Each is held to a deadline, also when it knows of none.
 *
 * @module
 */
import type { IReactorTime, IService, Seconds } from '@sennit/interfaces'
import { asError, bounded, isThenable } from '@sennit/runtime/internal'

/** How much later than its deadline a service may say itself that it is late. */
const MOMENT: Seconds = 0.1

/** The companions have so long to stop, however late the application was. */
const LEAST: Seconds = 1

/** An application, and what is run beside it. */
export class Services {
  readonly #application: IService
  /** In the order of the start. */
  readonly all: readonly IService[]
  readonly #clock: IReactorTime

  constructor(application: IService, companions: readonly IService[], clock: IReactorTime) {
    this.#application = application
    this.all = [...companions, application]
    this.#clock = clock
  }

  async privilegedStart(timeout: Seconds): Promise<void> {
    for (const service of this.all) {
      await this.#within(timeout, 'Starting', service, service.privilegedStartService({ timeout }))
    }
  }

  async start(timeout: Seconds): Promise<void> {
    for (const service of this.all) {
      await this.#within(timeout, 'Starting', service, service.startService({ timeout }))
    }
  }

  /** @throws what has not stopped well, as a rejection, when all were told to */
  async stop(timeout: Seconds): Promise<void> {
    const until = this.#clock.seconds() + timeout
    const errors: Error[] = []
    for (const service of this.all.toReversed()) {
      const left = service === this.#application ? timeout : Math.max(LEAST, until - this.#clock.seconds())
      try {
        await this.#within(left, 'Stopping', service, service.stopService({ timeout: left }))
      } catch (error) {
        errors.push(asError(error))
      }
    }
    if (errors.length > 1) {
      throw new AggregateError(errors, errors.map(({ message }) => message).join('; '))
    }
    if (errors[0] !== undefined) throw errors[0]
  }

  /** Holds a service to a deadline that does not do so itself; one that does has a moment to say what is late. */
  #within(
    timeout: Seconds,
    doing: string,
    { name = 'the application' }: IService,
    work: void | Promise<void>,
  ): void | Promise<void> {
    if (!isThenable(work)) return undefined
    return bounded(work, { timeout: timeout + MOMENT }, this.#clock, `${doing} '${name}'`)
  }
}
