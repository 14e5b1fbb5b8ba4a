/**
 * Becoming another user: groups, then the group, then the user, then a look whether there is a way back.
 *
 * Source: Twisted, `twisted/python/util.py`, `switchUID`; `twisted/scripts/_twistd_unix.py`, `shedPrivileges`.
 * Differs: it is verified that the privileges cannot be had again.
 *
 * @module
 */
import { userInfo } from 'node:os'
import type { IProcess } from '@sennit/interfaces'
import { hasRole } from '@sennit/runtime'
import { asError } from '@sennit/runtime/internal'
import { PrivilegeError } from './errors.ts'
import type { IPrivileges } from './program.ts'

/**
 * Makes a process that of another user.
 *
 * @param wanted - a user without a group means that user's own group
 * @param primaryGroup - the group of the effective user
 * @throws PrivilegeError (`ERR_SENNIT_PRIVILEGES`)
 */
export function dropPrivileges(
  process: unknown,
  { uid, gid }: Pick<IProcess, 'uid' | 'gid'>,
  primaryGroup: () => number = () => userInfo().gid,
): void {
  if (uid === undefined && gid === undefined) return
  if (!hasRole<IPrivileges>(process, ['getuid', 'getgid', 'initgroups', 'setgid', 'setuid', 'seteuid'])) {
    throw new PrivilegeError('this system has no users')
  }
  if (isAlready(process, uid, gid)) return
  try {
    const group = gid ?? groupOf(process, uid!, primaryGroup)
    process.initgroups(uid ?? process.getuid(), group)
    process.setgid(group)
    if (uid !== undefined) process.setuid(uid)
  } catch (error) {
    const { message } = asError(error)
    throw new PrivilegeError(`${message}; only root can become another user`, { cause: error })
  }
  if (process.getuid() !== 0 && canReturn(process)) throw new PrivilegeError('root could be had again')
}

/** Whether nothing has to be done: who is nobody in particular may ask for what he is. */
function isAlready(
  process: IPrivileges,
  uid: number | string | undefined,
  gid: number | string | undefined,
): boolean {
  return (
    process.getuid() !== 0 &&
    (uid === undefined || uid === process.getuid()) &&
    (gid === undefined || gid === process.getgid())
  )
}

function groupOf(process: IPrivileges, uid: number | string, primaryGroup: () => number): number {
  const before = process.getuid()
  process.seteuid(uid)
  try {
    return primaryGroup()
  } finally {
    process.seteuid(before)
  }
}

/** Whether the user or the group of root can be had again, by any of the identities that a process has. */
function canReturn(process: IPrivileges): boolean {
  const ways = [() => process.setuid(0), () => process.seteuid(0)]
  if (process.getgid() !== 0) ways.push(() => process.setgid(0))
  return ways.some((way) => {
    try {
      way()
      return true
    } catch {
      return false
    }
  })
}
