/**
 * What every reactor does with TCP.
 *
 * @module
 */
import type { IHostPort, IReactorTCP, IReactorTime } from '@sennit/interfaces'
import type { ConformanceKit, Maker, Surroundings } from './kit.ts'
import { streamConformance } from './stream.ts'
import type { Carrier, StreamSurroundings } from './stream-scene.ts'
import { tcpAddressConformance } from './tcp-addresses.ts'
import { tcpOptionConformance } from './tcp-options.ts'

/** What the suite for `IReactorTCP` is given. */
export interface TCPSurroundings extends Surroundings {
  readonly reactor: IReactorTime & IReactorTCP
  /** A place that never answers an attempt to connect. */
  readonly silent: { readonly host: string; readonly port: number }
  /** Whether there is a loopback address of IPv6. @defaultValue true */
  readonly hasIPv6?: boolean | undefined
}

/** The suite for the role `IReactorTCP`: addresses, options, ports, connectors, transports, and the kinds of handler. */
export function tcpConformance(kit: ConformanceKit, make: Maker<TCPSurroundings>): void {
  const suite = { kit, make: async () => carried(await make()), role: 'IReactorTCP' }
  tcpAddressConformance(suite)
  tcpOptionConformance(suite)
  streamConformance(suite)
}

/** What the TCP suite's own cases are given. */
export type CarriedByTCP = TCPSurroundings & StreamSurroundings

function carried(made: TCPSurroundings): CarriedByTCP {
  const { reactor } = made
  const carrier: Carrier = {
    listen(handler, options, at) {
      const port = (at as IHostPort | undefined)?.port ?? 0
      return reactor.listenTCP(port, handler, { interface: '127.0.0.1', ...options })
    },
    connect(to, factory, options) {
      const { host, port } = to as IHostPort
      return reactor.connectTCP(host, port, factory, options)
    },
  }
  return { ...made, carrier }
}
