/**
 * What every reactor does with streams, whatever they run over.
 *
 * @module
 */
import { streamClosingConformance } from './stream-closing.ts'
import { streamConnectorConformance } from './stream-connector.ts'
import { streamFlowConformance } from './stream-flow.ts'
import { streamHandlerConformance } from './stream-handler.ts'
import { streamPortConformance } from './stream-port.ts'
import type { StreamSuite } from './stream-scene.ts'
import { streamTransportConformance } from './stream-transport.ts'

/** Ports, connectors, transports, and the kinds of handler. */
export function streamConformance(suite: StreamSuite): void {
  streamPortConformance(suite)
  streamConnectorConformance(suite)
  streamTransportConformance(suite)
  streamClosingConformance(suite)
  streamFlowConformance(suite)
  streamHandlerConformance(suite)
}
