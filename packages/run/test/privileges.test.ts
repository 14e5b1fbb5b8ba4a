import { describe, expect, it } from 'vitest'
import { dropPrivileges } from '../src/privileges.ts'

/** A process that belongs to root, with the rules of the system. */
class FakeProcess {
  uid = 0
  readonly calls: string[] = []
  readonly isLeaky: boolean

  constructor(isLeaky = false) {
    this.isLeaky = isLeaky
  }

  getuid(): number {
    return this.uid
  }

  getgid(): number {
    return 0
  }

  initgroups(user: number | string, group: number | string): void {
    this.#call(`initgroups ${user} ${group}`)
  }

  setgid(id: number | string): void {
    this.#call(`setgid ${id}`)
  }

  setuid(id: number | string): void {
    if (this.uid !== 0 && !this.isLeaky) throw Object.assign(new Error('setuid EPERM'), { code: 'EPERM' })
    this.#call(`setuid ${id}`)
    this.uid = Number(id)
  }

  seteuid(id: number | string): void {
    this.#call(`seteuid ${id}`)
  }

  #call(what: string): void {
    if (this.uid !== 0 && !this.isLeaky) throw Object.assign(new Error(`${what} EPERM`), { code: 'EPERM' })
    this.calls.push(what)
  }
}

describe('dropPrivileges', () => {
  it('AP-18 sets the groups, the group, then the user', () => {
    const process = new FakeProcess()
    dropPrivileges(process, { uid: 1000, gid: 1001 })
    expect(process.calls).toEqual(['initgroups 1000 1001', 'setgid 1001', 'setuid 1000'])
  })

  it('AP-18 takes the own group of a user without a group', () => {
    const process = new FakeProcess()
    dropPrivileges(process, { uid: 1000, gid: undefined }, () => 1234)
    expect(process.calls).toEqual([
      'seteuid 1000',
      'seteuid 0',
      'initgroups 1000 1234',
      'setgid 1234',
      'setuid 1000',
    ])
  })

  it('sets the group alone', () => {
    const process = new FakeProcess()
    dropPrivileges(process, { uid: undefined, gid: 5 })
    expect(process.calls).toEqual(['initgroups 0 5', 'setgid 5'])
  })

  it.each([[{ uid: 1000, gid: undefined }], [{ uid: undefined, gid: 0 }], [{ uid: 1000, gid: 0 }]])(
    'does nothing when the process is %j already',
    (wanted) => {
      const process = new FakeProcess()
      process.uid = 1000
      dropPrivileges(process, wanted)
      expect(process.calls).toEqual([])
    },
  )

  it('does nothing when nothing is wanted', () => {
    dropPrivileges({}, { uid: undefined, gid: undefined })
    const process = new FakeProcess()
    dropPrivileges(process, { uid: undefined, gid: undefined })
    expect(process.calls).toEqual([])
  })

  it('AP-19 says what to do when the process may not', () => {
    const process = new FakeProcess()
    process.uid = 1000
    expect(() => dropPrivileges(process, { uid: 5, gid: 5 })).toThrow(
      expect.objectContaining({
        code: 'ERR_SENNIT_PRIVILEGES',
        message: expect.stringContaining('only root') as string,
      }),
    )
  })

  it('fails when root can be had again', () => {
    expect(() => dropPrivileges(new FakeProcess(true), { uid: 5, gid: 5 })).toThrow(
      expect.objectContaining({ code: 'ERR_SENNIT_PRIVILEGES' }),
    )
  })

  it('fails on a system without users', () => {
    expect(() => dropPrivileges({}, { uid: 5, gid: 5 })).toThrow(
      expect.objectContaining({ code: 'ERR_SENNIT_PRIVILEGES' }),
    )
  })
})
