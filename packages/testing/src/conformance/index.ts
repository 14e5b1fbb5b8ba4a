/**
 * The suites that every implementation of a role must pass, the simulated ones included. They import no test framework:
 * each takes `describe` and `it`, and a function that makes what one case needs.
 *
 * @module
 */
export { adoptConformance, type AdoptSurroundings } from './adopt.ts'
export { coreConformance, type CoreSurroundings } from './core.ts'
export { endpointConformance, type EndpointSurroundings } from './endpoint.ts'
export { filesConformance, type FilesSurroundings, type FileTree } from './files.ts'
export type { Case, ConformanceKit, Maker, Surroundings } from './kit.ts'
export { multicastConformance, type MulticastSurroundings } from './multicast.ts'
export { resolverConformance, type ResolverSurroundings } from './resolver.ts'
export { serviceConformance, type ServiceSurroundings } from './service.ts'
export {
  type ServiceHookBodies,
  serviceOverlapConformance,
  type ServiceOverlapSurroundings,
} from './service-overlap.ts'
export { sslConformance, type SSLSurroundings } from './ssl.ts'
export { tcpConformance, type TCPSurroundings } from './tcp.ts'
export { timeConformance, type TimeSurroundings } from './time.ts'
export { udpConformance, type UDPSurroundings } from './udp.ts'
export { unixConformance, type UNIXSurroundings } from './unix.ts'
export { unixDatagramConformance, type UNIXDatagramSurroundings } from './unix-datagram.ts'
