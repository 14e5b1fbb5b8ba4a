import { describe, expectTypeOf, it } from 'vitest'
import type {
  IClosingTransport,
  IInheritedSockets,
  ILog,
  IProtocol,
  IReactorCore,
  IReactorFiles,
  IReactorMulticast,
  IReactorPluggableNameResolver,
  IReactorResolve,
  IReactorSocket,
  IReactorSSL,
  IReactorTCP,
  IReactorTime,
  IReactorUDP,
  IReactorUNIX,
  IReactorUNIXDatagram,
  ISituatedTransport,
  ISSLTransport,
  IStreamTransport,
  ISystemEvents,
  ITLSTransport,
  IWallClock,
  Random,
} from '@sennit/interfaces'
import type { ConformanceKit } from '../src/conformance/index.ts'
import type {
  MemoryHost,
  MemoryLog,
  MemoryReactorClock,
  MemorySocket,
  MemoryWorld,
  RaisingMemoryReactor,
  StringTransport,
  WorldPeer,
} from '../src/index.ts'

type Transports = IReactorTCP &
  IReactorSSL &
  IReactorUNIX &
  IReactorUDP &
  IReactorMulticast &
  IReactorUNIXDatagram &
  IReactorSocket
type Names = IReactorPluggableNameResolver & IReactorResolve
type Surroundings = Names & IReactorFiles & IInheritedSockets & IReactorCore & ISystemEvents

describe('@sennit/testing', () => {
  it('has reactors that play these roles', () => {
    expectTypeOf<MemoryHost>().toExtend<IReactorTime & Transports & Surroundings>()
    expectTypeOf<MemoryWorld>().toExtend<MemoryHost & IWallClock>()
    expectTypeOf<MemoryReactorClock>().toExtend<IReactorTime & Transports & ISystemEvents & Names>()
    expectTypeOf<RaisingMemoryReactor>().toExtend<Transports>()
    expectTypeOf<MemoryWorld['random']>().toEqualTypeOf<Random>()
  })

  it('has doubles that play these roles', () => {
    expectTypeOf<StringTransport>().toExtend<IStreamTransport>()
    expectTypeOf<WorldPeer['transport']>().toExtend<IStreamTransport & ITLSTransport>()
    expectTypeOf<WorldPeer['transport']>().toExtend<ISSLTransport & IClosingTransport & ISituatedTransport>()
    expectTypeOf<MemorySocket>().toExtend<IProtocol & NodeJS.ReadWriteStream>()
    expectTypeOf<MemoryLog>().toExtend<ILog>()
  })

  it('gives from run what the promise gives', () => {
    const run = (world: MemoryWorld) =>
      [
        world.run(Promise.resolve(7)),
        world.run(undefined),
        world.run(world.connect('tcp:a:1')),
        world.run(),
      ] as const
    expectTypeOf<ReturnType<typeof run>>().toEqualTypeOf<
      readonly [Promise<number>, Promise<undefined>, Promise<WorldPeer>, Promise<void>]
    >()
  })

  it('takes the functions of vitest for its suites', () => {
    expectTypeOf({ describe, it }).toExtend<ConformanceKit>()
  })
})
