/**
 * What every reactor does with UNIX sockets.
 *
 * @module
 */
import type { IPathAddress, IReactorTime, IReactorUNIX } from '@sennit/interfaces'
import type { ConformanceKit, Maker, Surroundings } from './kit.ts'
import { streamConformance } from './stream.ts'
import type { Carrier, StreamSurroundings } from './stream-scene.ts'
import { unixPathConformance } from './unix-paths.ts'

/** What the suite for `IReactorUNIX` is given. */
export interface UNIXSurroundings extends Surroundings {
  readonly reactor: IReactorTime & IReactorUNIX
  /** A path, in a folder that exists, at which nothing is; another one for each call. */
  path(): string
  /** The mode of the file of a socket; `undefined` where there is no file. */
  modeOf(path: string): number | undefined
  /** Puts something at a path, as other programs leave it; files are readable to all. */
  put(
    path: string,
    what: 'file' | 'stale socket' | { readonly lockOf: 'nobody' | 'somebody' },
  ): void | Promise<void>
  /** Removes what is at a path. */
  remove(path: string): void
}

/** The suite for the role `IReactorUNIX`: paths, ports, connectors, transports, and the kinds of handler. */
export function unixConformance(kit: ConformanceKit, make: Maker<UNIXSurroundings>): void {
  const suite = { kit, make: async () => carried(await make()), role: 'IReactorUNIX' }
  unixPathConformance(suite)
  streamConformance(suite)
}

/** What the own cases of the suite for UNIX sockets are given. */
export type CarriedByUNIX = UNIXSurroundings & StreamSurroundings

function carried(made: UNIXSurroundings): CarriedByUNIX {
  const { reactor } = made
  const carrier: Carrier = {
    listen: (handler, options, at) =>
      reactor.listenUNIX((at as IPathAddress | undefined)?.path ?? made.path(), handler, options),
    connect: (to, factory, options) => reactor.connectUNIX((to as IPathAddress).path, factory, options),
  }
  return { ...made, carrier, resets: false }
}
