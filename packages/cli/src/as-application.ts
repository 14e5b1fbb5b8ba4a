/**
 * The application that is run: what a module exports as it is, or a new one around it.
 *
 * Source: Twisted, `twisted/application/app.py`, `createOrGetApplication`.
 * Differs: everything that can be started gets the log of the command, unless it has its own.
 *
 * @module
 */
import type { IDeadlines, ILog, IProcess, IService } from '@sennit/interfaces'
import { defaultLog } from '@sennit/runtime'
import { Application } from '@sennit/service'

/**
 * What `run` shall run for a service of a module: an `Application` is given the log; one without a parent that is none, or comes from another
 * copy of the package, is put under a new one.
 *
 * @param name - of a new one
 */
export function asApplication(service: IService, name: string, log: ILog): IService {
  if (service instanceof Application && service.parent === undefined) {
    if (service.log === defaultLog) service.log = log
    return service
  }
  // Whoever has a parent inherits from it.
  return service.parent === undefined ? applicationAround(service, name, log) : service
}

/** A new application around a service; it becomes the user, and has the deadlines, that the service asks for. */
export function applicationAround(service: IService, name: string, log: ILog): Application {
  const { uid, gid, processName, startTimeout, stopTimeout } = service as Partial<IProcess & IDeadlines>
  const application = new Application(name, { uid, gid, processName, startTimeout, stopTimeout, log })
  if (typeof service.setServiceParent === 'function') void service.setServiceParent(application)
  else void application.addService(service)
  return application
}
