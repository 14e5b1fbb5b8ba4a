/**
 * What the operating system is to see of an application.
 *
 * Source: Twisted, `twisted/application/service.py`, `Process`.
 * Differs: a user and a group may be given by name.
 *
 * @module
 */
import type { IProcess } from '@sennit/interfaces'
import { ServiceOptionError } from './errors.ts'

/** Options of a `Process`. */
export interface ProcessOptions {
  /** The user to become after the privileged start: a number or a name. @defaultValue none */
  readonly uid?: number | string | undefined
  /** The group to become after the privileged start: a number or a name. @defaultValue none */
  readonly gid?: number | string | undefined
  /** A name for the process. @defaultValue none */
  readonly processName?: string | undefined
}

/**
 * The user, the group and the name under which a process is to run.
 *
 * @example
 * ```ts
 * new Process({ uid: 'www-data', gid: 'www-data' })
 * ```
 */
export class Process implements IProcess {
  readonly uid: number | string | undefined
  readonly gid: number | string | undefined
  readonly processName: string | undefined

  /** @throws ServiceOptionError (`ERR_SENNIT_SERVICE_OPTION`) when an id is neither a whole number nor a name */
  constructor({ uid, gid, processName }: ProcessOptions = {}) {
    checkId('uid', uid)
    checkId('gid', gid)
    if (processName !== undefined && (typeof processName !== 'string' || processName === '')) {
      throw new ServiceOptionError('describe a process', 'processName', 'a name', processName)
    }
    this.uid = uid
    this.gid = gid
    this.processName = processName
  }
}

function checkId(option: string, id: unknown): void {
  if (id === undefined) return
  if (typeof id === 'string' ? id !== '' : Number.isInteger(id) && (id as number) >= 0) return
  throw new ServiceOptionError('describe a process', option, 'a whole number, 0 or more, or a name', id)
}
