import { describe, expect, it } from 'vitest'
import * as conformance from '../src/conformance/index.ts'
import * as testing from '../src/index.ts'

describe('@sennit/testing', () => {
  it('exports these names', () => {
    expect(Object.keys(testing).sort()).toEqual([
      'AccumulatingProtocol',
      'AlreadyConnectedError',
      'DatagramSink',
      'DoubleStateError',
      'HostFiles',
      'MemoryAddress',
      'MemoryClientEndpoint',
      'MemoryHost',
      'MemoryLog',
      'MemoryReactor',
      'MemoryReactorClock',
      'MemoryServerEndpoint',
      'MemorySink',
      'MemorySocket',
      'MemoryWorld',
      'NonStreamingProducer',
      'RaisingMemoryReactor',
      'ReactorOptionError',
      'RecordedConnector',
      'RecordedDatagramConnector',
      'RecordedNames',
      'RecordedPort',
      'RecordedSSLPort',
      'StringTransport',
      'StringTransportWithDisconnection',
      'WorldNames',
      'WorldNotQuietError',
      'WorldPeer',
      'WorldStuckError',
      'WorldTimeoutError',
      'authority',
      'memoryClientEndpoint',
      'memoryServerEndpoint',
      'seededRandom',
      'waitUntilAllDisconnected',
    ])
  })
})

describe('@sennit/testing/conformance', () => {
  it('exports these names', () => {
    expect(Object.keys(conformance).sort()).toEqual([
      'adoptConformance',
      'coreConformance',
      'endpointConformance',
      'filesConformance',
      'multicastConformance',
      'resolverConformance',
      'serviceConformance',
      'serviceOverlapConformance',
      'sslConformance',
      'tcpConformance',
      'timeConformance',
      'udpConformance',
      'unixConformance',
      'unixDatagramConformance',
    ])
  })
})
