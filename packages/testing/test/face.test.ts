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
      'MemoryHost',
      'MemoryLog',
      'MemoryReactor',
      'MemoryReactorClock',
      'MemorySink',
      'MemorySocket',
      'MemoryWorld',
      'NonStreamingProducer',
      'RaisingMemoryReactor',
      'ReactorOptionError',
      'RecordedConnector',
      'RecordedPort',
      'StringTransport',
      'StringTransportWithDisconnection',
      'WorldNotQuietError',
      'WorldPeer',
      'WorldStuckError',
      'WorldTimeoutError',
      'seededRandom',
      'waitUntilAllDisconnected',
    ])
  })
})

describe('@sennit/testing/conformance', () => {
  it('exports these names', () => {
    expect(Object.keys(conformance).sort()).toEqual(['tcpConformance', 'timeConformance', 'udpConformance'])
  })
})
