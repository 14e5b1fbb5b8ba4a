import { describe, expect, it } from 'vitest'
import { newWorld } from '../world-pair.ts'

describe('FileWatch', () => {
  it('tells at the next look, once for all that has changed before', async () => {
    const { world } = newWorld()
    let told = 0
    const end = world.watchFile('/etc/a', () => told++)
    await world.advance('6s')
    world.writeFile('/etc/a', 'one')
    world.writeFile('/etc/a', 'two')
    await world.advance('3999ms')
    expect(told).toBe(0)
    await world.advance('1ms')
    expect(told).toBe(1)
    await world.advance('1m')
    expect(told).toBe(1)
    end()
  })

  it('costs no step while nothing changes', async () => {
    const { world } = newWorld()
    const end = world.watchFile('/etc/a', () => {})
    world.writeFile('/etc/b', 'another')
    await expect(world.run(new Promise(() => {}))).rejects.toMatchObject({ code: 'ERR_SENNIT_WORLD_STUCK' })
    expect(world.pending()).toEqual(['watch on /etc/a'])
    end()
    world.assertQuiet()
  })

  it('does not tell of what was undone, nor after its end', async () => {
    const { world } = newWorld()
    let told = 0
    const end = world.watchFile('/etc/a', () => told++)
    world.writeFile('/etc/a', 'x')
    world.files.remove('/etc/a')
    await world.advance('10s')
    world.writeFile('/etc/a', 'x')
    end()
    await world.advance('10s')
    expect(told).toBe(0)
  })

  it('logs what is thrown, and goes on; and refuses to look all the time', async () => {
    const { world, log } = newWorld()
    const error = new Error('boom')
    const end = world.watchFile('/etc/a', () => {
      throw error
    })
    world.writeFile('/etc/a', 'x')
    await world.advance('10s')
    world.writeFile('/etc/a', 'y')
    await world.advance('10s')
    expect(log.errors()).toEqual([error, error])
    end()
    expect(() => world.watchFile('/etc/a', () => {}, { interval: 0 })).toThrow(
      expect.objectContaining({ code: 'ERR_SENNIT_REACTOR_OPTION' }),
    )
  })
})
