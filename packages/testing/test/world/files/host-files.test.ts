import { describe, expect, it } from 'vitest'
import { newWorld } from '../world-pair.ts'

describe('HostFiles', () => {
  it('writes what the program reads', async () => {
    const { world } = newWorld()
    world.writeFile('/etc/relay/key.pem', 'one')
    world.files.write('/etc/relay/cert.pem', Buffer.from('two'))
    expect(Buffer.from(await world.readFile('/etc/relay/key.pem')).toString()).toBe('one')
    expect(await world.readDirectory('/etc/relay')).toEqual(['cert.pem', 'key.pem'])
    expect(world.files.text('/etc/relay/cert.pem')).toBe('two')
  })

  it('are those of one machine', async () => {
    const { world } = newWorld()
    world.host('other').writeFile('/a', 'x')
    await expect(world.readFile('/a')).rejects.toMatchObject({ code: 'ENOENT' })
  })

  it('moves, removes, links, and leaves sockets behind', () => {
    const { files } = newWorld().world
    files.makeFolder('/srv/a')
    files.write('/srv/a/b', 'x')
    files.rename('/srv/a', '/srv/c')
    files.link('/srv/c/b', '/srv/d')
    expect(files.text('/srv/d')).toBe('x')
    files.leaveSocket('/run/s')
    expect(files.modeOf('/run/s')).toBe(0o777)
    files.remove('/run/s')
    expect(files.modeOf('/run/s')).toBeUndefined()
  })
})
