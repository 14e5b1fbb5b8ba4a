/**
 * The name resolver of `MemoryReactor`: it knows what the test has told it, and answers inside the call.
 *
 * Source: Twisted, `twisted/internet/testing.py`, `MemoryReactor.nameResolver`.
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

/** Answers from a table. */
export class RecordedNames implements IHostnameResolver {
  /** The addresses of each name. A name that is not here has none. */
  readonly addresses: Map<string, readonly string[]> = new Map()
  /** The names that were asked for, in order. */
  readonly asked: string[] = []

  resolveHostName(
    receiver: IResolutionReceiver,
    name: string,
    { port = 0, family }: ResolutionOptions = {},
  ): IHostResolution {
    this.asked.push(name)
    let isWanted = true
    const resolution: IHostResolution = {
      name,
      cancel() {
        isWanted = false
      },
    }
    receiver.resolutionBegan(resolution)
    const known = isIP(name) === 0 ? (this.addresses.get(name) ?? []) : [name]
    const wanted = known.filter((literal) => family === undefined || isIP(literal) === family)
    for (const address of wanted.map((literal): IHostPort => internetAddress('TCP', literal, port))) {
      if (isWanted) receiver.addressResolved(address)
    }
    if (isWanted) receiver.resolutionComplete(wanted.length > 0 ? undefined : new DNSLookupError(name))
    return resolution
  }
}
