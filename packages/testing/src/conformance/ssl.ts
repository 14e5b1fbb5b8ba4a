/**
 * What every reactor does with TLS.
 *
 * @module
 */
import type { ConformanceKit, Maker } from './kit.ts'
import { sslConnectorConformance } from './ssl-connector.ts'
import { sslEndingConformance } from './ssl-ending.ts'
import { sslPortConformance } from './ssl-port.ts'
import { carriedBySSL, type SSLSurroundings } from './ssl-scene.ts'
import { sslStartConformance } from './ssl-start.ts'
import { streamConformance } from './stream.ts'

export type { SSLSurroundings } from './ssl-scene.ts'

/** The suite for the role `IReactorSSL`: all that streams do, over TLS; handshakes, ports, connectors, ends, and `startTLS`. */
export function sslConformance(kit: ConformanceKit, make: Maker<SSLSurroundings>): void {
  streamConformance({ kit, make: async () => carriedBySSL(await make()), role: 'IReactorSSL' })
  sslConnectorConformance(kit, make)
  sslPortConformance(kit, make)
  sslEndingConformance(kit, make)
  sslStartConformance(kit, make)
}
