import { expectTypeOf, it } from 'vitest'
import type {
  IConnector,
  IInspectable,
  IReactorTCP,
  IReactorTime,
  IReactorUDP,
  IStreamTransport,
  ITCPOptions,
} from '@sennit/interfaces'
import {
  getReactor,
  type NodeReactor,
  reactorWith,
  type TCPConnector,
  type TCPTransport,
} from '../src/index.ts'

it('the reactor has its roles', () => {
  expectTypeOf<NodeReactor>().toExtend<IReactorTime & IReactorTCP & IReactorUDP & IInspectable>()
  expectTypeOf(getReactor()).toExtend<IReactorTime & IReactorTCP & IReactorUDP>()
})

it('what it makes has its roles', () => {
  expectTypeOf<TCPConnector>().toExtend<IConnector>()
  expectTypeOf<TCPTransport>().toExtend<IStreamTransport & ITCPOptions>()
})

it('reactorWith yields the role that was asked for', () => {
  expectTypeOf(reactorWith<IReactorUDP>(undefined, 'IReactorUDP', ['listenUDP'])).toEqualTypeOf<IReactorUDP>()
  expectTypeOf(reactorWith<IReactorUDP>)
    .parameter(2)
    .toEqualTypeOf<readonly 'listenUDP'[]>()
})
