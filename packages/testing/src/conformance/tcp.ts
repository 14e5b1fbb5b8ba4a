/**
 * What every reactor does with TCP.
 *
 * @module
 */
import type { IHostPort, IReactorTCP, IReactorTime } from '@sennit/interfaces'
import { internetAddress } from '@sennit/protocol'
import type { ConformanceKit, Maker, Surroundings } from './kit.ts'
import { streamConformance } from './stream.ts'
import type { Carrier, StreamSurroundings } from './stream-scene.ts'
import { tcpAddressConformance } from './tcp-addresses.ts'

/** What the suite for `IReactorTCP` is given. */
export interface TCPSurroundings extends Surroundings {
  readonly reactor: IReactorTime & IReactorTCP
  /** A place that never answers an attempt to connect, where there is one. */
  readonly silent?: { readonly host: string; readonly port: number } | undefined
  /** Whether there is a loopback address of IPv6. @defaultValue true */
  readonly hasIPv6?: boolean | undefined
}

/** The suite for the role `IReactorTCP`: addresses, ports, connectors, transports, and the kinds of handler. */
export function tcpConformance(kit: ConformanceKit, make: Maker<TCPSurroundings>): void {
  const suite = { kit, make: async () => carried(await make()), role: 'IReactorTCP' }
  tcpAddressConformance(suite)
  streamConformance(suite)
}

/** What the TCP suite's own cases are given. */
export type CarriedByTCP = Omit<TCPSurroundings, 'silent'> & StreamSurroundings

function carried({ silent, ...made }: TCPSurroundings): CarriedByTCP {
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
  return { ...made, carrier, silent: silent && internetAddress('TCP', silent.host, silent.port) }
}
