import { describe, it } from 'vitest'
import { adoptConformance } from '../../src/conformance/index.ts'
import { inWorld } from './world.ts'

describe('MemoryWorld', () => {
  adoptConformance({ describe, it }, () => {
    const made = inWorld()
    const { world } = made
    let count = 0
    const placeOf = {
      INET: () => 'tcp:127.0.0.1:0',
      INET6: () => 'tcp:[::1]:0',
      UNIX: () => `unix:/run/${count++}`,
    }
    return {
      ...made,
      async open(family) {
        const fd = world.openSocket(placeOf[family]())
        return { fd, address: world.addressOf(fd) }
      },
      openUDP: async () => world.openSocket('udp:127.0.0.1:0'),
      async accept(family, connect) {
        const fd = world.openSocket(placeOf[family]())
        const accepted = world.acceptFrom(fd)
        connect(world.addressOf(fd))
        return world.run(accepted)
      },
      unused: 9999,
      dispose: async () => {
        // What was refused is still somebody else's.
        const running = world.run()
        world.stop()
        await world.run(running)
        await made.dispose()
      },
    }
  })
})
