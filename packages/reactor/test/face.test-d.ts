import { expectTypeOf, it } from 'vitest'
import type {
  IConnector,
  IInspectable,
  IListeningPort,
  IReactorUDP,
  IStreamTransport,
  ITCPOptions,
} from '@sennit/interfaces'
import {
  getReactor,
  type NodeReactor,
  type Reactor,
  reactorWith,
  type StreamConnector,
  type StreamPort,
  type TCPTransport,
  type UNIXTransport,
} from '../src/index.ts'

it('the reactor has its roles', () => {
  expectTypeOf<NodeReactor>().toExtend<Reactor & IInspectable>()
  expectTypeOf(getReactor()).toEqualTypeOf<Reactor>()
})

it('what it makes has its roles', () => {
  expectTypeOf<StreamConnector>().toExtend<IConnector>()
  expectTypeOf<StreamPort>().toExtend<IListeningPort & IInspectable>()
  expectTypeOf<TCPTransport>().toExtend<IStreamTransport & ITCPOptions>()
  expectTypeOf<UNIXTransport>().toExtend<IStreamTransport>()
})

it('reactorWith yields the role that was asked for', () => {
  expectTypeOf(reactorWith<IReactorUDP>(undefined, 'IReactorUDP', ['listenUDP'])).toEqualTypeOf<IReactorUDP>()
  expectTypeOf(reactorWith<IReactorUDP>)
    .parameter(2)
    .toEqualTypeOf<readonly 'listenUDP'[]>()
})
