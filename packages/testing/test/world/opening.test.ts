import { describe, expect, it } from 'vitest'
import { Factory } from '@sennit/protocol'
import { newWorld } from './world-pair.ts'

describe('opening a port', () => {
  it.each([
    ['listenTCP', (world: ReturnType<typeof newWorld>['world']) => world.listenTCP(0, {} as Factory)],
    [
      'listenUNIX',
      (world: ReturnType<typeof newWorld>['world']) => world.listenUNIX('/run/a', {} as Factory),
    ],
  ])('RX-26 %s leaves nothing behind when there is no handler', async (_name, listen) => {
    const { world } = newWorld()
    await expect(listen(world)).rejects.toMatchObject({ code: 'ERR_SENNIT_HANDLER' })
    expect(world.files.modeOf('/run/a')).toBeUndefined()
    world.assertQuiet()
  })

  it('PR-26 gives the lock back when the path is taken', async () => {
    const { world } = newWorld()
    world.writeFile('/run/a', '')
    await expect(world.listenUNIX('/run/a', new Factory(), { wantPID: true })).rejects.toMatchObject({
      name: 'CannotListenError',
      code: 'EADDRINUSE',
      port: '/run/a',
    })
    expect(world.files.modeOf('/run/a.lock')).toBeUndefined()
  })

  it('RX-28 needs a key and a certificate for TLS, and listens nowhere without', async () => {
    const { world } = newWorld()
    await expect(world.listenSSL(443, new Factory(), {})).rejects.toMatchObject({
      code: 'ERR_SENNIT_TLS_OPTIONS',
    })
    world.assertQuiet()
  })
})
