import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { isHeld, lockOf, takeLock } from '../src/unix-lock.ts'
import { SocketFolder } from './socket-folder.ts'

describe('the lock on a path', () => {
  let files: SocketFolder
  let lock: string

  beforeEach(() => {
    files = new SocketFolder()
    lock = lockOf(files.path())
  })
  afterEach(() => {
    vi.restoreAllMocks()
    files.dispose()
  })

  const dead = () => String(spawnSync('true').pid)
  const own = String(process.pid)

  it('PR-26 is a link that leads to the number of the process', () => {
    expect(lock).toBe(`${files.folder}/1.lock`)
    const release = takeLock(lock)
    expect(fs.readlinkSync(lock)).toBe(own)
    expect(isHeld(lock)).toBe(true)
    release()
    release()
    expect(fs.readdirSync(files.folder)).toEqual([])
    expect(isHeld(lock)).toBe(false)
  })

  it('PR-26 cannot be taken twice', () => {
    const release = takeLock(lock)
    expect(() => takeLock(lock)).toThrowError(expect.objectContaining({ code: 'EEXIST' }))
    expect(fs.readlinkSync(lock)).toBe(own)
    release()
    takeLock(lock)()
  })

  it('PR-26 is broken when its process is gone', () => {
    fs.symlinkSync(dead(), lock)
    expect(isHeld(lock)).toBe(false)
    const release = takeLock(lock)
    expect(fs.readlinkSync(lock)).toBe(own)
    expect(fs.readdirSync(files.folder)).toEqual(['1.lock'])
    release()
  })

  it('PR-26 is broken when it has the number of this process, which does not hold it', () => {
    fs.symlinkSync(own, lock)
    takeLock(lock)()
    expect(fs.readdirSync(files.folder)).toEqual([])
  })

  it.each([
    ['a process that lives', String(process.ppid)],
    ['no number', 'elsewhere'],
    ['no process', '0'],
    ['a group of processes', '-1'],
  ])('PR-26 is left alone when it leads to %s', (_, target) => {
    fs.symlinkSync(target, lock)
    expect(() => takeLock(lock)).toThrowError(expect.objectContaining({ code: 'EEXIST' }))
    expect(fs.readlinkSync(lock)).toBe(target)
  })

  it('PR-26 is left alone when it is a file', () => {
    fs.writeFileSync(lock, dead())
    expect(() => takeLock(lock)).toThrowError(expect.objectContaining({ code: 'EEXIST', path: lock }))
    expect(() => takeLock(lock)).toThrowError('is there, and is no lock')
    expect(isHeld(lock)).toBe(false)
  })

  it('PR-26 is held by a process of another user, too', () => {
    fs.symlinkSync('4194303', lock)
    vi.spyOn(process, 'kill').mockImplementation(() => {
      throw Object.assign(new Error('EPERM'), { code: 'EPERM' })
    })
    expect(isHeld(lock)).toBe(true)
    expect(() => takeLock(lock)).toThrowError(expect.objectContaining({ code: 'EEXIST' }))
    expect(() => takeLock(lock)).toThrowError('is held by process 4194303, which lives')
  })

  it('PR-26 that another takes while it is broken is put back', () => {
    fs.symlinkSync(dead(), lock)
    const rename = fs.renameSync
    vi.spyOn(fs, 'renameSync').mockImplementationOnce((from, to) => {
      fs.unlinkSync(lock)
      fs.symlinkSync(String(process.ppid), lock)
      rename(from, to)
    })
    expect(() => takeLock(lock)).toThrowError(expect.objectContaining({ code: 'EEXIST' }))
    expect(fs.readlinkSync(lock)).toBe(String(process.ppid))
    expect(fs.readdirSync(files.folder)).toEqual(['1.lock'])
  })

  it('PR-26 that another has broken first is taken', () => {
    fs.symlinkSync(dead(), lock)
    vi.spyOn(fs, 'renameSync').mockImplementationOnce(() => {
      fs.unlinkSync(lock)
      throw Object.assign(new Error('ENOENT'), { code: 'ENOENT' })
    })
    takeLock(lock)()
    expect(fs.readdirSync(files.folder)).toEqual([])
  })

  it('PR-26 that was taken over is not given back by the one before', () => {
    const release = takeLock(lock)
    fs.unlinkSync(lock)
    fs.symlinkSync(String(process.ppid), lock)
    release()
    expect(fs.readlinkSync(lock)).toBe(String(process.ppid))
  })

  it('cannot be taken where there is no folder', () => {
    expect(() => takeLock(`${files.folder}/no/lock`)).toThrowError(
      expect.objectContaining({ code: 'ENOENT' }),
    )
  })
})
