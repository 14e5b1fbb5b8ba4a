import { describe, expect, it } from 'vitest'
import { DatagramProtocol, Factory } from '@sennit/protocol'
import { AccumulatingProtocol } from '../../../src/index.ts'
import { newWorld, serverOf } from '../world-pair.ts'

describe('sockets that a program is started with', () => {
  it('EP-61 are listed in order, with their names, and keep what comes', async () => {
    const { world } = newWorld()
    const web = world.inherit('tcp:0.0.0.0:80', 'web')
    const admin = world.inherit('unix:/run/admin')
    expect(world.inheritedSockets()).toEqual([
      { fd: web, name: 'web' },
      { fd: admin, name: '' },
    ])
    const early = await world.run(world.connect('tcp:127.0.0.1:80'))
    early.write('early')
    const server = new AccumulatingProtocol()
    const port = await world.adoptStreamPort(web, 'INET', serverOf(server))
    await world.until(() => server.data.toString() === 'early')
    expect(port.getHost().toString()).toBe('tcp:0.0.0.0:80')
    early.close()
    await world.run(port.stopListening())
    await expect(world.run(world.connect('tcp:127.0.0.1:80'))).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  })

  it('RX-30 are adopted once, by their family and kind', async () => {
    const { world } = newWorld()
    const fd = world.openSocket('tcp:[::]:80')
    const adopt = (family: 'INET' | 'INET6' | 'UNIX') => world.adoptStreamPort(fd, family, new Factory())
    await expect(adopt('INET')).rejects.toMatchObject({ name: 'UnsupportedAddressFamily' })
    await expect(adopt('IPX' as 'INET')).rejects.toMatchObject({ name: 'UnsupportedAddressFamily' })
    await expect(world.adoptDatagramPort(fd, 'INET6', new DatagramProtocol())).rejects.toMatchObject({
      name: 'UnsupportedSocketType',
    })
    expect(() => world.adoptStreamConnection(fd, 'INET6', new Factory())).toThrow(
      expect.objectContaining({ code: 'ERR_SENNIT_REACTOR_OPTION' }),
    )
    const port = await adopt('INET6')
    await expect(adopt('INET6')).rejects.toMatchObject({ code: 'ERR_SENNIT_REACTOR_OPTION', option: 'fd' })
    await world.run(port.stopListening())
    world.assertQuiet()
  })

  it('RX-30 leave the file of a UNIX socket where it is', async () => {
    const { world } = newWorld()
    const server = new AccumulatingProtocol()
    const port = await world.adoptStreamPort(world.inherit('unix:/run/app'), 'UNIX', serverOf(server))
    const client = await world.run(world.connect('unix:/run/app'))
    client.write('hi')
    await world.until(() => server.data.toString() === 'hi')
    client.close()
    await world.run(port.stopListening())
    expect(world.files.modeOf('/run/app')).toBe(0o660)
    await expect(world.run(world.connect('unix:/run/app'))).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  })

  it('RX-30 receive datagrams once they are adopted', async () => {
    const { world } = newWorld()
    const texts: string[] = []
    const protocol = new DatagramProtocol()
    protocol.datagramReceived = (datagram) => void texts.push(Buffer.from(datagram).toString())
    const fd = world.inherit('udp:0.0.0.0:53', 'dns')
    world.send('udp:127.0.0.1:53', 'early')
    await world.advance('1s')
    const port = await world.adoptDatagramPort(fd, 'INET', protocol)
    world.send('udp:127.0.0.1:53', 'late')
    await world.advance('1s')
    expect(texts).toEqual(['late'])
    expect(port.getHost().toString()).toBe('udp:0.0.0.0:53')
    await world.run(port.stopListening())
  })
})

describe('sockets that are connected', () => {
  it('RX-30 are served by a factory that is not put to use', async () => {
    const { world } = newWorld()
    const { fd, peer } = world.socketPair()
    const server = new AccumulatingProtocol()
    const factory = serverOf(server)
    let uses = 0
    factory.startFactory = () => uses++
    const transport = world.adoptStreamConnection(fd, 'UNIX', factory)
    expect(server.transport).toBe(transport)
    peer.write('hi')
    await world.until(() => server.data.toString() === 'hi')
    server.transport.write(Buffer.from('hello'))
    await world.run(peer.received('hello'))
    peer.close()
    await world.run(server.whenClosed)
    expect(uses).toBe(0)
  })

  it('RX-30 are closed when the factory builds nothing, or throws, which is logged', async () => {
    const { world, log } = newWorld()
    const [one, other] = [world.socketPair(), world.socketPair()]
    const factory = new Factory()
    factory.buildProtocol = () => undefined as never
    expect(world.adoptStreamConnection(one.fd, 'UNIX', factory)).toBeUndefined()
    const error = new Error('boom')
    factory.buildProtocol = () => {
      throw error
    }
    expect(world.adoptStreamConnection(other.fd, 'UNIX', factory)).toBeUndefined()
    await world.run(Promise.all([one.peer.whenClosed, other.peer.whenClosed]))
    expect(log.errors()).toEqual([error])
    await expect(world.adoptStreamPort(one.fd, 'UNIX', factory)).rejects.toMatchObject({ option: 'fd' })
    const third = world.socketPair()
    await expect(world.adoptStreamPort(third.fd, 'UNIX', factory)).rejects.toMatchObject({
      name: 'CannotListenError',
      code: 'EINVAL',
    })
  })
})
