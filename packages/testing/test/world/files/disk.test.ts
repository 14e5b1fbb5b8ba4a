import { describe, expect, it } from 'vitest'
import { Disk } from '../../../src/world/files/disk.ts'

const bytes = (text: string) => Buffer.from(text)
const failing = (code: string) => expect.objectContaining({ code })

describe('Disk', () => {
  it('has the usual folders, and makes others with the files in them', () => {
    const disk = new Disk()
    expect(disk.list('/')).toEqual(['etc', 'run', 'srv', 'tmp', 'var'])
    disk.write('/opt/app/config', bytes('x'))
    expect(disk.list('/opt')).toEqual(['app'])
    expect(disk.find('/opt/app')?.kind).toBe('folder')
  })

  it('keeps what is written as it was', () => {
    const disk = new Disk()
    disk.write('/a', bytes('one'))
    const read = disk.read('/a')
    read.fill('x')
    expect(disk.read('/a').toString()).toBe('one')
    disk.write('/a', bytes('two'))
    expect(disk.read('a').toString()).toBe('two')
  })

  it('says what is no file, and what is no folder', () => {
    const disk = new Disk()
    disk.write('/a', bytes(''))
    disk.put('/s', { kind: 'socket', mode: 0o660 })
    expect(() => disk.read('/b')).toThrow(failing('ENOENT'))
    expect(() => disk.read('/tmp')).toThrow(failing('EISDIR'))
    expect(() => disk.read('/s')).toThrow(failing('ENXIO'))
    expect(() => disk.list('/a')).toThrow(failing('ENOTDIR'))
    expect(() => disk.list('/b')).toThrow(failing('ENOENT'))
    expect(() => disk.write('/tmp', bytes(''))).toThrow(failing('EISDIR'))
    expect(() => disk.remove('/b')).toThrow(failing('ENOENT'))
    expect(() => disk.rename('/b', '/c')).toThrow(failing('ENOENT'))
  })

  it('follows links, also those of folders, and relative ones', () => {
    const disk = new Disk()
    disk.write('/srv/v1/key', bytes('one'))
    disk.write('/srv/v2/key', bytes('two'))
    disk.link('v1', '/srv/current')
    disk.link('current/key', '/srv/key')
    expect(disk.read('/srv/key').toString()).toBe('one')
    disk.link('v2', '/srv/current')
    expect(disk.read('/srv/key').toString()).toBe('two')
    disk.write('/srv/key', bytes('three'))
    expect(disk.read('/srv/v2/key').toString()).toBe('three')
    expect(disk.at('/srv/key')?.kind).toBe('link')
  })

  it('does not follow links for ever', () => {
    const disk = new Disk()
    disk.link('/b', '/a')
    disk.link('/a', '/b')
    expect(() => disk.read('/a')).toThrow(failing('ELOOP'))
  })

  it('moves and removes folders with all that is in them', () => {
    const disk = new Disk()
    disk.write('/srv/a/b/c', bytes('x'))
    disk.write('/srv/ab', bytes('y'))
    disk.rename('/srv/a', '/srv/z')
    expect(disk.read('/srv/z/b/c').toString()).toBe('x')
    expect(disk.find('/srv/a')).toBeUndefined()
    disk.remove('/srv/z')
    expect(disk.list('/srv')).toEqual(['ab'])
  })

  it('removes only a certain thing when it is asked to', () => {
    const disk = new Disk()
    const own = { kind: 'socket', mode: 0o660 } as const
    disk.put('/s', own)
    disk.put('/s', { kind: 'socket', mode: 0o660 })
    disk.remove('/s', own)
    expect(disk.at('/s')).toBeDefined()
  })

  it('tells of every change, and has another trace after one', () => {
    const disk = new Disk()
    let changes = 0
    const end = disk.onChange(() => changes++)
    const before = disk.trace('/a')
    disk.write('/a', bytes('x'))
    expect(disk.trace('/a')).not.toEqual(before)
    const written = disk.trace('/a')
    expect(disk.trace('/a').every((node, i) => node === written[i])).toBe(true)
    disk.remove('/a')
    expect(changes).toBe(2)
    end()
    disk.write('/a', bytes('x'))
    expect(changes).toBe(2)
  })
})
