import type {
  IContextSource,
  IDeadlines,
  IFailureHandler,
  IInspectable,
  IObservable,
  IProcess,
  IReactorTime,
  IService,
  IServiceCollection,
  IServiceContext,
} from '@sennit/interfaces'
import { Clock } from '@sennit/runtime'
import { expectTypeOf, test } from 'vitest'
import {
  Application,
  fromDisposable,
  type HookContext,
  hooks,
  type MultiService,
  type Process,
  Service,
  ServiceMaker,
  type ServiceOptions,
} from '../src/index.ts'

test('services have their roles', () => {
  expectTypeOf<Service>().toExtend<IService>()
  expectTypeOf<Service>().toExtend<IInspectable>()
  expectTypeOf<Service>().toExtend<IContextSource>()
  expectTypeOf<Service>().toExtend<IObservable>()
  expectTypeOf<Service>().toExtend<IDeadlines>()
  expectTypeOf<Service>().toExtend<AsyncDisposable>()
  expectTypeOf<MultiService>().toExtend<IServiceCollection>()
  expectTypeOf<MultiService>().toExtend<IFailureHandler>()
  expectTypeOf<Application>().toExtend<IProcess>()
  expectTypeOf<Process>().toExtend<IProcess>()
})

test('hooks are optional, and may be synchronous or not', () => {
  class Both extends Service {
    protected override onStart({ signal, context }: HookContext): void {
      expectTypeOf(signal).toEqualTypeOf<AbortSignal>()
      expectTypeOf(context).toEqualTypeOf<IServiceContext>()
    }
    protected override async onStop(): Promise<void> {}
  }
  void expectTypeOf(new Both().startService()).toEqualTypeOf<void | Promise<void>>()
  class Wrong extends Service {
    // @ts-expect-error a hook yields nothing
    protected override onStart(): number {
      return 1
    }
  }
  void Wrong
})

test('a hook cannot be called from outside', () => {
  expectTypeOf<keyof Service>()
    .extract<'onPrivilegedStart' | 'onStart' | 'onStop' | 'onRest' | 'startExpected'>()
    .toBeNever()
})

test('functions may return anything', () => {
  expectTypeOf(hooks('db', { start: () => Promise.resolve([1]), stop: () => 7 })).toEqualTypeOf<Service>()
  hooks('db', {
    start: ({ signal }) => {
      expectTypeOf(signal).toEqualTypeOf<AbortSignal>()
    },
  })
  // @ts-expect-error the name stands before
  hooks('db', {}, { name: 'x' })
})

test('a disposable service has its value', () => {
  const service = fromDisposable('x', async () => ({ size: 1, async [Symbol.asyncDispose]() {} }))
  expectTypeOf(service.value!.size).toEqualTypeOf<number>()
  // @ts-expect-error nothing to dispose of
  fromDisposable('x', { size: 1 })
})

test('options take durations with their units', () => {
  expectTypeOf<'10s'>().toExtend<NonNullable<ServiceOptions['stopTimeout']>>()
  expectTypeOf<'soon'>().not.toExtend<NonNullable<ServiceOptions['stopTimeout']>>()
})

test('the reactor of an application may have further roles', () => {
  const app = new Application('x')
  app.reactor = new Clock()
  expectTypeOf(app.reactor).toEqualTypeOf<IReactorTime>()
  // @ts-expect-error the name stands before
  void new Application('x', { name: 'y' })
})

test('a maker knows the options of its services', () => {
  const maker = new ServiceMaker<{ port: number }>(
    'x',
    async () => ({ makeService: () => new Service() }),
    '',
    'x',
  )
  expectTypeOf(maker.makeService).parameter(0).toEqualTypeOf<{ port: number }>()
})
