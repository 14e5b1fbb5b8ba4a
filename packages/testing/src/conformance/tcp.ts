/**
 * What every reactor does with TCP.
 *
 * @module
 */
import type { ConformanceKit, Maker } from './kit.ts'
import { tcpClosingConformance } from './tcp-closing.ts'
import { tcpConnectorConformance } from './tcp-connector.ts'
import { tcpFlowConformance } from './tcp-flow.ts'
import { tcpHandlerConformance } from './tcp-handler.ts'
import { tcpPortConformance } from './tcp-port.ts'
import type { TCPSurroundings } from './tcp-scene.ts'
import { tcpTransportConformance } from './tcp-transport.ts'

export type { TCPSurroundings } from './tcp-scene.ts'

/** The suite for the role `IReactorTCP`: ports, connectors, transports, and the kinds of handler. */
export function tcpConformance(kit: ConformanceKit, make: Maker<TCPSurroundings>): void {
  tcpPortConformance(kit, make)
  tcpConnectorConformance(kit, make)
  tcpTransportConformance(kit, make)
  tcpClosingConformance(kit, make)
  tcpFlowConformance(kit, make)
  tcpHandlerConformance(kit, make)
}
