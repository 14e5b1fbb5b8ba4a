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
import type {
  IHostnameResolver,
  IHostResolution,
  ILog,
  IResolutionReceiver,
  ResolutionOptions,
} from '@sennit/interfaces'
import { beginResolution, type LookUp } from '@sennit/protocol/internal'
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
    return beginResolution(receiver, name, { port, family }, lookUp, this.#log)
  }
}

const lookUp: LookUp = (name, family, answer) => {
  process.getBuiltinModule('node:dns').lookup(name, { all: true, family: family ?? 0 }, (error, all) => {
    if (error === null) answer(all.map(({ address }) => address))
    else answer([], error)
  })
}
