/**
 * Finding the addresses of names in a simulated world.
 *
 * @module
 */
import type {
  IHostnameResolver,
  IHostResolution,
  IResolutionReceiver,
  ResolutionOptions,
} from '@sennit/interfaces'
import { beginResolution, type LookUp, type LookUpAnswer } from '@sennit/protocol/internal'
import type { Network } from '../network/network.ts'
import { checkHost, checkPort } from '../option-checks.ts'
import { nameError } from '../system-error.ts'

/** Asks the name servers of the world. */
export class MemoryResolver implements IHostnameResolver {
  readonly #network: Network

  constructor(network: Network) {
    this.#network = network
  }

  /** @throws ReactorOptionError (`ERR_SENNIT_REACTOR_OPTION`) when the name, or the port, is none */
  resolveHostName(
    receiver: IResolutionReceiver,
    name: string,
    { port = 0, family }: ResolutionOptions = {},
  ): IHostResolution {
    checkHost('resolve', name)
    checkPort('resolve', port)
    const lookUp: LookUp = (asked, of, answer) => this.#lookUp(asked, of, answer)
    return beginResolution(receiver, name, { port, family }, lookUp, this.#network.log)
  }

  #lookUp(name: string, family: 4 | 6 | undefined, answer: LookUpAnswer): void {
    const { names, time } = this.#network
    const { delay } = names.ask(name, family)
    if (delay === Infinity) return
    // What is said when the answer comes counts.
    time.after(delay, () => {
      const { addresses, error } = names.ask(name, family)
      answer(addresses, error === undefined ? undefined : nameError(error, name))
    })
  }
}
