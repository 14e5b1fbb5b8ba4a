/** One of each wrapper, for the suites that all of them must pass. */
import type { IReactorTime, IService } from '@sennit/interfaces'
import { authority } from '@sennit/testing'
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

/** Where a service is to be: at a port of 127.0.0.1, or at a path; and on what. */
export interface Place {
  readonly port: number
  readonly path: string
  readonly reactor: IReactorTime
}

const tls = authority('Root').issue('carbon')
const factory = new RecorderFactory()
const datagrams = () => new DatagramRecorder() as never
const HOST = '127.0.0.1'

const makers: Record<string, (place: Place) => IService> = {
  TCPServer: ({ port, reactor }) => new TCPServer(port, factory, { interface: HOST, reactor }),
  TCPClient: ({ port, reactor }) => new TCPClient(HOST, port, new RecorderFactory(), { reactor }),
  UNIXServer: ({ path, reactor }) => new UNIXServer(path, factory, { reactor }),
  UNIXClient: ({ path, reactor }) => new UNIXClient(path, new RecorderFactory(), { reactor }),
  SSLServer: ({ port, reactor }) => new SSLServer(port, factory, tls, { interface: HOST, reactor }),
  SSLClient: ({ port, reactor }) => new SSLClient(HOST, port, new RecorderFactory(), {}, { reactor }),
  UDPServer: ({ port, reactor }) => new UDPServer(port, datagrams(), { interface: HOST, reactor }),
  UNIXDatagramServer: ({ path, reactor }) => new UNIXDatagramServer(path, datagrams(), { reactor }),
  UNIXDatagramClient: ({ path, reactor }) =>
    new UNIXDatagramClient(path, new DatagramClientRecorder(), { reactor }),
  MulticastServer: ({ port, reactor }) =>
    new MulticastServer(port, datagrams(), { interface: HOST, reactor }),
}

/** The name of each wrapper, and what makes one. */
export const everyWrapper: readonly [name: string, make: (place: Place) => IService][] =
  Object.entries(makers)
