/**
 * What a service inherits: its own option, else the nearest ancestor's, else the process's.
 *
 * @module
 */
import type { IRandomSource, IReactorTime, IServiceContext, Random } from '@sennit/interfaces'
import { defaultLog, hasRole, maybeGlobalReactor, systemRandom } from '@sennit/runtime'

/** What a service was given itself. */
export type OwnContext = { readonly [K in keyof IServiceContext]?: IServiceContext[K] | undefined }

/** A place in the tree from which one inherits. */
export interface ContextPlace {
  readonly own: OwnContext | undefined
  /** The next place on the way to the root. */
  readonly collection: ContextPlace | undefined
  /** What a parent of another kind passes on; it may throw. */
  readonly foreignContext: OwnContext | undefined
}

/** Lays a service's own context over the one it inherits. */
export function overlay(own: OwnContext | undefined, inherited: IServiceContext): IServiceContext {
  if (own === undefined) return inherited
  return {
    reactor: own.reactor ?? inherited.reactor,
    clock: own.clock ?? own.reactor ?? inherited.clock,
    log: own.log ?? inherited.log,
    random: own.random ?? randomOf(own.reactor) ?? inherited.random,
  }
}

/**
 * Walks to the root, and takes each thing from the first place that has it.
 *
 * @param onThrow - told what a parent of another kind throws; it passes nothing on then
 */
export function resolveContext(
  from: ContextPlace,
  onThrow: (thrown: unknown) => void = () => {},
): IServiceContext {
  const found: { -readonly [K in keyof OwnContext]: OwnContext[K] } = {}
  const take = (own: OwnContext | undefined) => {
    if (own === undefined) return
    found.clock ??= own.clock ?? own.reactor
    found.reactor ??= own.reactor
    found.log ??= own.log
    found.random ??= own.random ?? randomOf(own.reactor)
  }
  for (let place: ContextPlace | undefined = from; place !== undefined; place = place.collection) {
    take(place.own)
    try {
      take(place.foreignContext)
    } catch (thrown) {
      onThrow(thrown)
    }
  }
  const last = processContext()
  const { reactor = last.reactor, log = last.log } = found
  const { clock = reactor, random = randomOf(reactor) ?? systemRandom } = found
  const isLast = reactor === last.reactor && clock === reactor && log === last.log && random === last.random
  return isLast ? last : { reactor, clock, log, random }
}

/** What was made last for those that have nothing of their own. */
let ofProcess: IServiceContext | undefined

/** The process's own things. Many services that have no parent and no options need one context only. */
export function processContext(): IServiceContext {
  const reactor = maybeGlobalReactor()
  const random = randomOf(reactor) ?? systemRandom
  if (ofProcess?.reactor !== reactor || ofProcess.random !== random)
    ofProcess = { reactor, clock: reactor, log: defaultLog, random }
  return ofProcess
}

function randomOf(reactor: IReactorTime | undefined): Random | undefined {
  return hasRole<IReactorTime & IRandomSource>(reactor, ['random']) ? reactor.random : undefined
}
