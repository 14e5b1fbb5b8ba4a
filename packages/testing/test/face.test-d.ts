import { describe, expectTypeOf, it } from 'vitest'
import type {
  ILog,
  IProtocol,
  IReactorTCP,
  IReactorTime,
  IReactorUDP,
  IStreamTransport,
  ITCPOptions,
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
  StringTransport,
  WorldPeer,
} from '../src/index.ts'

describe('@sennit/testing', () => {
  it('has reactors that play these roles', () => {
    expectTypeOf<MemoryHost>().toExtend<IReactorTime & IReactorTCP & IReactorUDP>()
    expectTypeOf<MemoryWorld>().toExtend<MemoryHost & IWallClock>()
    expectTypeOf<MemoryReactorClock>().toExtend<IReactorTime & IReactorTCP & IReactorUDP>()
    expectTypeOf<MemoryWorld['random']>().toEqualTypeOf<Random>()
  })

  it('has doubles that play these roles', () => {
    expectTypeOf<StringTransport>().toExtend<IStreamTransport>()
    expectTypeOf<WorldPeer['transport']>().toExtend<IStreamTransport & ITCPOptions>()
    expectTypeOf<MemorySocket>().toExtend<IProtocol & NodeJS.ReadWriteStream>()
    expectTypeOf<MemoryLog>().toExtend<ILog>()
  })

  it('gives from run what the promise gives', () => {
    const run = (world: MemoryWorld) =>
      [world.run(Promise.resolve(7)), world.run(undefined), world.run(world.connect('tcp:a:1'))] as const
    expectTypeOf<ReturnType<typeof run>>().toEqualTypeOf<
      readonly [Promise<number>, Promise<undefined>, Promise<WorldPeer>]
    >()
  })

  it('takes the functions of vitest for its suites', () => {
    expectTypeOf({ describe, it }).toExtend<ConformanceKit>()
  })
})
