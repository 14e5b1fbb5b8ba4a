import type { Duplex } from 'node:stream'
import type { IConnectable, IService, IStreamClientEndpoint } from '@sennit/interfaces'
import { type DuplexProtocol, duplexFactory } from '@sennit/protocol'
import { expectTypeOf } from 'vitest'
import {
  ClientService,
  ConnectionService,
  type ConnectionState,
  type ConnectionStateName,
} from '../src/index.ts'

declare const endpoint: IStreamClientEndpoint
declare const login: (socket: Duplex, signal: AbortSignal) => Promise<void>
declare const socket: IConnectable<{ ping(): void }>

const feed = new ClientService(endpoint, duplexFactory(), {
  prepareConnection: (stream, { signal }) => login(stream, signal),
  isFatal: (error) => error.code === 'BAD_LOGIN',
  stableAfter: '10s',
})

expectTypeOf(feed).toExtend<IService>()
expectTypeOf(feed.current).toEqualTypeOf<DuplexProtocol | undefined>()
expectTypeOf(feed.whenConnected({ failAfterFailures: 3, timeout: '5s' })).toEqualTypeOf<
  Promise<DuplexProtocol>
>()
expectTypeOf(feed.whenConnected()).resolves.toExtend<Duplex>()
expectTypeOf(feed.connections()).toEqualTypeOf<AsyncIterableIterator<DuplexProtocol>>()
expectTypeOf(feed.connectionState).toEqualTypeOf<ConnectionState>()
expectTypeOf<ConnectionState['name']>().toEqualTypeOf<ConnectionStateName>()

new ClientService([endpoint, endpoint] as const, duplexFactory())

const lasting = new ConnectionService(socket, {
  prepareConnection: (value) => value.ping(),
  isFatal: (error: Error) => error instanceof RangeError,
  retryPolicy: (failures, random) => failures + random(),
})
expectTypeOf(lasting.current).toEqualTypeOf<{ ping(): void } | undefined>()

// @ts-expect-error a duration has a unit
new ConnectionService(socket, { closeTimeout: '5 parsecs' })
// @ts-expect-error the factory must build protocols
new ClientService(endpoint, { build: () => undefined })
