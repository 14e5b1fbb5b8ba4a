import { describe, expect, it } from 'vitest'
import { isLocked, takeLock } from '../../../src/world/files/path-lock.ts'
import { Machine } from '../../../src/world/network/machine.ts'

const PATH = '/run/a'
const newMachine = () => new Machine('a', 1001, [])
const held = expect.objectContaining({ code: 'EEXIST' })

describe('the lock on a path', () => {
  it('PR-26 is held until it is given back', () => {
    const machine = newMachine()
    const unlock = takeLock(machine, PATH)
    expect(isLocked(machine, PATH)).toBe(true)
    expect(machine.disk.at('/run/a.lock')).toMatchObject({ kind: 'link', target: '1001' })
    expect(() => takeLock(machine, PATH)).toThrow(held)
    unlock()
    expect(isLocked(machine, PATH)).toBe(false)
    expect(machine.disk.at('/run/a.lock')).toBeUndefined()
  })

  it('PR-26 is broken when its process is gone, or is this one in another life', () => {
    for (const pid of ['99999', '1001']) {
      const machine = newMachine()
      machine.disk.link(pid, '/run/a.lock')
      expect(isLocked(machine, PATH)).toBe(false)
      takeLock(machine, PATH)
    }
  })

  it('PR-26 is left to a process that lives, and to what is no lock', () => {
    const machine = newMachine()
    machine.disk.link('1', '/run/a.lock')
    machine.disk.write('/run/b.lock', Buffer.alloc(0))
    expect(() => takeLock(machine, PATH)).toThrow(held)
    expect(() => takeLock(machine, '/run/b')).toThrow(held)
  })

  it('PR-26 gives back only its own', () => {
    const machine = newMachine()
    const unlock = takeLock(machine, PATH)
    machine.disk.link('1', '/run/a.lock')
    unlock()
    expect(machine.disk.at('/run/a.lock')).toMatchObject({ target: '1' })
  })
})
