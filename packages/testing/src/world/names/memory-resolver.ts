/**
 * Finding the addresses of names in a simulated world.
 *
 * @module
 */
import { isIP } from 'node:net'
import type {
  IHostnameResolver,
  IHostPort,
  IHostResolution,
  IResolutionReceiver,
  ResolutionOptions,
} from '@sennit/interfaces'
import { DNSLookupError, internetAddress } from '@sennit/protocol'
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
    const resolution = new Resolution(name)
    const tell = (call: () => void) => {
      if (resolution.isWanted) this.#guard(call)
    }
    const found = (literal: string) =>
      tell(() => receiver.addressResolved(internetAddress('TCP', literal, port)))
    tell(() => receiver.resolutionBegan(resolution))
    const literal = isIP(name)
    if (literal === 0) {
      this.#answer(name, family, (addresses, error) => {
        for (const each of addresses) found(each)
        tell(() => receiver.resolutionComplete(error))
      })
      return resolution
    }
    if (family === undefined || family === literal) found(name)
    tell(() => receiver.resolutionComplete())
    return resolution
  }

  #answer(
    name: string,
    family: 4 | 6 | undefined,
    answer: (addresses: readonly string[], error?: Error) => void,
  ): void {
    const { names, time } = this.#network
    const { delay } = names.ask(name, family)
    if (delay === Infinity) return
    // What is said when the answer comes counts.
    time.after(delay, () => {
      const { addresses, error } = names.ask(name, family)
      answer(addresses, error === undefined ? undefined : nameError(error, name))
    })
  }

  #guard(call: () => void): void {
    try {
      call()
    } catch (error) {
      this.#network.log.error({ err: error }, 'A receiver of addresses threw')
    }
  }
}

class Resolution implements IHostResolution {
  readonly name: string
  isWanted = true
  constructor(name: string) {
    this.name = name
  }
  cancel(): void {
    this.isWanted = false
  }
}

/** The first IPv4 address of a name; what `IReactorResolve` promises. */
export function firstAddress(resolver: IHostnameResolver, name: string): Promise<string> {
  if (name === '') return Promise.resolve('0.0.0.0')
  if (isIP(name) !== 0) return Promise.resolve(name)
  return new Promise((resolve, reject) => {
    let resolution: IHostResolution | undefined
    resolver.resolveHostName(
      {
        resolutionBegan(began) {
          resolution = began
        },
        addressResolved({ host }: IHostPort) {
          if (isIP(host) !== 4) return
          resolve(host)
          resolution?.cancel()
        },
        // Says nothing any more when there was an address.
        resolutionComplete: (error) => reject(new DNSLookupError(name, error)),
      },
      name,
      { family: 4 },
    )
  })
}
