import type { IReactorTime, IService } from '@sennit/interfaces'
import { MultiService } from '@sennit/service'
import { authority, MemoryWorld } from '@sennit/testing'
import { serviceConformance } from '@sennit/testing/conformance'
import { describe, it } from 'vitest'
import {
  MulticastServer,
  SSLClient,
  SSLServer,
  TCPClient,
  TCPServer,
  UDPServer,
  UNIXClient,
  UNIXDatagramClient,
  UNIXDatagramServer,
  UNIXServer,
} from '../src/index.ts'
import { DatagramClientRecorder, DatagramRecorder, RecorderFactory } from './doubles.ts'

type Given = { readonly reactor: IReactorTime }

const tls = authority('Root').issue('carbon')
const factory = new RecorderFactory()
const datagrams = () => new DatagramRecorder() as never

/** Each is given another place. */
const makers: Record<string, (place: number, given: Given) => IService> = {
  TCPServer: (port, given) => new TCPServer(port, factory, given),
  TCPClient: (port, given) => new TCPClient('127.0.0.1', port, new RecorderFactory(), given),
  UNIXServer: (place, given) => new UNIXServer(`/run/${place}`, factory, given),
  UNIXClient: (place, given) => new UNIXClient(`/run/${place}`, new RecorderFactory(), given),
  SSLServer: (port, given) => new SSLServer(port, factory, tls, given),
  SSLClient: (port, given) => new SSLClient('127.0.0.1', port, new RecorderFactory(), {}, given),
  UDPServer: (port, given) => new UDPServer(port, datagrams(), given),
  UNIXDatagramServer: (place, given) => new UNIXDatagramServer(`/run/${place}`, datagrams(), given),
  UNIXDatagramClient: (place, given) =>
    new UNIXDatagramClient(`/run/${place}`, new DatagramClientRecorder(), given),
  MulticastServer: (port, given) => new MulticastServer(port, datagrams(), given),
}

describe.each(Object.entries(makers))('%s', (_name, make) => {
  serviceConformance({ describe, it }, () => {
    const world = new MemoryWorld({ seed: 1, patience: 0 })
    let place = 8000
    return {
      service: () => make(place++, { reactor: world }),
      collection: () => new MultiService({ reactor: world }),
      run: (work) => world.run(work),
      until: (condition) => world.until(condition),
      pass: (seconds) => world.advance(seconds),
      dispose: () => world.assertQuiet(),
    }
  })
})
