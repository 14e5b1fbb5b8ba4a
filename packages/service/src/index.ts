/**
 * A tree of services: started in order, stopped in reverse, each step awaited, bounded and undone when it fails.
 *
 * Source: Twisted, `twisted/application/service.py`.
 * Differs: starts and stops may be asynchronous, join, have deadlines and roll back; services inherit their reactor,
 * clock, log and randomness; each can be looked into.
 *
 * @module
 */
export type {
  Description,
  Duration,
  Fact,
  IService,
  IServiceCollection,
  IServiceContext,
  ServiceState,
  TransitionOptions,
} from '@sennit/interfaces'
export { Application, type ApplicationOptions } from './application.ts'
export {
  DisposedError,
  DuplicateServiceError,
  ReactorInUseError,
  ServiceMakerError,
  ServiceNameError,
  ServiceNotListeningError,
  ServiceOptionError,
  ServiceParentError,
  ServiceStartError,
  ServiceStopError,
  ServiceStopErrors,
  StartTimeoutError,
  StopTimeoutError,
  UnknownServiceError,
} from './errors.ts'
export { type DisposableFactory, DisposableService, fromDisposable } from './from-disposable.ts'
export { type HookFunction, type Hooks, hooks } from './hooks.ts'
export { ListeningService, type ListeningServiceOptions } from './listening-service.ts'
export { MultiService, type MultiServiceOptions } from './multi-service.ts'
export type { FailurePolicy, HookContext, ServiceOptions, StateListener } from './options.ts'
export { Process, type ProcessOptions } from './process.ts'
export { ServiceMaker, type ServiceModule } from './service-maker.ts'
export { Service } from './service.ts'
export { VolatileDataService } from './volatile-data-service.ts'
