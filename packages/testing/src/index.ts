/**
 * What tests of network programs need: a whole simulated world, and doubles for single parts.
 *
 * `MemoryWorld` runs a program as it is, with its sockets, reconnects, timers and shutdown, on fake time and a fake network.
 * `MemoryReactor` only records; `StringTransport` is for one protocol alone. The suites that every reactor must pass are in
 * `@sennit/testing/conformance`.
 *
 * Source: Twisted, `twisted/internet/testing.py`.
 * Differs: the simulated world is new; fake connectors tell their factories.
 *
 * @module
 */
export { AlreadyConnectedError, ReactorOptionError } from '@sennit/protocol'
export { AccumulatingProtocol, type AccumulatingHooks } from './accumulating-protocol.ts'
export { type Authority, authority, type CertificateOptions, type Credentials } from './certificates.ts'
export { DoubleStateError, WorldNotQuietError, WorldStuckError, WorldTimeoutError } from './errors.ts'
export { MemoryAddress } from './memory-address.ts'
export {
  memoryClientEndpoint,
  MemoryClientEndpoint,
  type MemoryEndpointArguments,
  type MemoryEndpointOptions,
  memoryServerEndpoint,
  MemoryServerEndpoint,
} from './memory-endpoint.ts'
export { type LogEvent, MemoryLog } from './memory-log.ts'
export { MemoryReactorClock } from './memory-reactor-clock.ts'
export type { Phase, TriggerRecord } from './memory-reactor-life.ts'
export { MemoryReactor, type MemoryReactorOptions } from './memory-reactor.ts'
export { NonStreamingProducer, type ProducerTarget } from './non-streaming-producer.ts'
export { RaisingMemoryReactor, type RaisingMemoryReactorOptions } from './raising-memory-reactor.ts'
export type {
  AdoptedConnectionRecord,
  AdoptedPortRecord,
  MulticastServerRecord,
  SSLClientRecord,
  SSLServerRecord,
  TCPClientRecord,
  TCPServerRecord,
  UDPServerRecord,
  UNIXClientRecord,
  UNIXDatagramClientRecord,
  UNIXDatagramServerRecord,
  UNIXServerRecord,
} from './reactor-records.ts'
export { RecordedConnector } from './recorded-connector.ts'
export { RecordedDatagramConnector } from './recorded-datagram-connector.ts'
export { RecordedNames } from './recorded-names.ts'
export { RecordedPort } from './recorded-port.ts'
export { RecordedSSLPort } from './recorded-ssl-port.ts'
export { seededRandom } from './seeded-random.ts'
export { StringTransportWithDisconnection } from './string-transport-with-disconnection.ts'
export { StringTransport, type StringTransportOptions } from './string-transport.ts'
export { waitUntilAllDisconnected } from './wait-until-all-disconnected.ts'
export { DatagramSink, type ReceivedDatagram } from './world/peers/datagram-sink.ts'
export { HostFiles } from './world/files/host-files.ts'
export { MemoryHost } from './world/memory-host.ts'
export { MemorySink } from './world/peers/memory-sink.ts'
export { MemorySocket } from './world/streams/memory-socket.ts'
export {
  type ConnectFromOptions,
  type FromOptions,
  type HostOptions,
  MemoryWorld,
  type MemoryWorldOptions,
} from './world/memory-world.ts'
export type { WaitOptions } from './world/time/virtual-time.ts'
export { type NameOptions, WorldNames } from './world/names/world-names.ts'
export { WorldPeer } from './world/peers/world-peer.ts'
