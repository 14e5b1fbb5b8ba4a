/**
 * The suites that every implementation of a role must pass, the simulated ones included. They import no test framework:
 * each takes `describe` and `it`, and a function that makes what one case needs.
 *
 * @module
 */
export type { Case, ConformanceKit, Maker, Surroundings } from './kit.ts'
export { tcpConformance, type TCPSurroundings } from './tcp.ts'
export { timeConformance, type TimeSurroundings } from './time.ts'
export { udpConformance, type UDPSurroundings } from './udp.ts'
