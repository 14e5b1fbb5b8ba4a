/**
 * Finding the addresses of names, the way the system does.
 *
 * Node's lookups run in its pool of threads, two or so at a time, and cannot be taken back: one of a name whose servers do not
 * answer holds up others, and the end of the process, whatever is done here. So what bounds an attempt to connect is its
 * timeout, which counts from the beginning of the lookup; and a program that looks many names up gives the reactor a resolver
 * that asks servers by itself.
 *
 * Source: Twisted, `twisted/internet/_resolver.py`, `GAIResolver`.
 * Differs: a resolution can be cancelled, and says what went wrong instead of logging it.
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
import { DNSLookupError, internetAddress, ReactorOptionError } from '@sennit/protocol'
import { asError } from '@sennit/runtime/internal'
import { guarded } from './guarded.ts'
import { checkedHost, checkedPort } from './option-checks.ts'

/** Looks names up by `node:dns`. */
export class NameResolver implements IHostnameResolver {
  readonly #log: ILog

  /** @param log - told what receivers throw */
  constructor(log: ILog) {
    this.#log = log
  }

  /** @throws ReactorOptionError (`ERR_SENNIT_REACTOR_OPTION`) when the name, or the port, is none */
  resolveHostName(
    receiver: IResolutionReceiver,
    name: string,
    { port = 0, family }: ResolutionOptions = {},
  ): IHostResolution {
    checkedHost('resolve', name)
    checkedPort('resolve', port)
    const resolution = new Resolution(name)
    const tell = (call: () => void) => {
      if (resolution.isWanted) guarded(this.#log, 'A receiver of addresses threw', call)
    }
    const found = (literal: string) =>
      tell(() => receiver.addressResolved(internetAddress('TCP', literal, port)))
    tell(() => receiver.resolutionBegan(resolution))
    const literal = isIP(name)
    if (literal !== 0) {
      if (family === undefined || family === literal) found(name)
      tell(() => receiver.resolutionComplete())
    } else if (resolution.isWanted) {
      process.getBuiltinModule('node:dns').lookup(name, { all: true, family: family ?? 0 }, (error, all) => {
        if (error === null) for (const { address } of all) found(address)
        tell(() => receiver.resolutionComplete(error ?? undefined))
      })
    }
    return resolution
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
