/**
 * What every resolver of names does, whoever it asks.
 *
 * Source: Twisted, `twisted/internet/_resolver.py`.
 * Differs: a resolution can be cancelled, and says what went wrong.
 *
 * @module
 */
import { isIP } from 'node:net'
import type {
  IHostnameResolver,
  IHostPort,
  IHostResolution,
  ILog,
  IResolutionReceiver,
  ResolutionOptions,
} from '@sennit/interfaces'
import { asError } from '@sennit/runtime/internal'
import { internetAddress } from './addresses.ts'
import { DNSLookupError, ReactorOptionError } from './errors.ts'

/** The literals that were found, in their order, or why there are none. */
export type LookUpAnswer = (addresses: readonly string[], error?: Error) => void

/** Asks for the addresses of a name; the answer may come inside the call, and is given once. */
export type LookUp = (name: string, family: 4 | 6 | undefined, answer: LookUpAnswer) => void

/**
 * Begins to look a name up; an IP literal is its own address, and nobody is asked.
 *
 * @param log - told what the receiver throws
 */
export function beginResolution(
  receiver: IResolutionReceiver,
  name: string,
  { port = 0, family }: ResolutionOptions,
  lookUp: LookUp,
  log: ILog,
): IHostResolution {
  const resolution = new Resolution(name)
  const tell = (call: () => void) => {
    if (!resolution.isWanted) return
    try {
      call()
    } catch (thrown) {
      log.error({ err: asError(thrown) }, 'A receiver of addresses threw')
    }
  }
  const answer: LookUpAnswer = (addresses, error) => {
    for (const each of addresses) tell(() => receiver.addressResolved(internetAddress('TCP', each, port)))
    tell(() => receiver.resolutionComplete(error))
  }
  tell(() => receiver.resolutionBegan(resolution))
  const literal = isIP(name)
  if (literal !== 0) answer(family === undefined || family === literal ? [name] : [])
  else if (resolution.isWanted) lookUp(name, family, answer)
  return resolution
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
    // Says nothing any more when there was an address.
    const failed = (error?: Error) => reject(new DNSLookupError(name, error))
    const receiver: IResolutionReceiver = {
      resolutionBegan(began) {
        resolution = began
      },
      addressResolved({ host }: IHostPort) {
        if (isIP(host) !== 4) return
        resolve(host)
        resolution?.cancel()
      },
      resolutionComplete: failed,
    }
    try {
      resolver.resolveHostName(receiver, name, { family: 4 })
    } catch (thrown) {
      if (thrown instanceof ReactorOptionError) reject(thrown)
      else failed(asError(thrown))
    }
  })
}
