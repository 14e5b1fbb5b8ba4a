import type { Duplex } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { duplexFactory, handler } from '@sennit/protocol'
import { Application } from '@sennit/service'
import { authority, MemoryLog, MemoryWorld } from '@sennit/testing'
import { describe, expect, it } from 'vitest'
import { clientFromString, service } from '../src/index.ts'

const echo = handler((socket) => pipeline(socket, socket))
const root = authority('Root of the world')
const pem = (name: string, key = root.issue(name, { names: [name] })) => key.key + key.cert

/** A program that listens, and never heard of a reactor. */
function program(description: string | readonly string[], served = echo) {
  const web = service(description, served)
  const log = new MemoryLog()
  const app = new Application('program', { log }, [web])
  const world = new MemoryWorld({ seed: 1, log })
  app.reactor = world
  return { web, app, world, log }
}

async function echoed(world: MemoryWorld, connecting: Promise<Duplex>): Promise<string> {
  const socket = await world.run(connecting)
  let text = ''
  socket.on('data', (chunk) => (text += String(chunk)))
  socket.end('hello')
  await world.advance('1s')
  return text
}

describe('a program in a simulated world', () => {
  it('EP-19 EP-54 EP-74 listens at a UNIX socket, and reaches one', async () => {
    const { app, world } = program('unix:/run/app.sock')
    await world.run(app.startService())
    const endpoint = clientFromString('unix:/run/app.sock', { reactor: world })
    expect(await echoed(world, endpoint.connect(duplexFactory()))).toBe('hello')
    await world.run(app.stopService())
    await expect(world.run(endpoint.connect(duplexFactory()))).rejects.toMatchObject({ code: 'ENOENT' })
    world.assertQuiet()
  })

  it.each([
    ['EP-60 systemd:domain=INET:index=1', 'systemd:domain=INET:index=1'],
    ['EP-60 systemd:domain=INET:name=web', 'systemd:domain=INET:name=web'],
    ['EP-20 fd', ''],
  ])('%s listens at a socket that was opened before', async (_title, description) => {
    const { world } = program('tcp:1')
    world.inherit('udp:0.0.0.0:53', 'dns')
    const fd = world.inherit('tcp:0.0.0.0:80', 'web')
    const app = new Application('program', { reactor: world }, [service(description || `fd:${fd}`, echo)])
    await world.run(app.startService())
    const client = await world.run(world.connect('tcp:127.0.0.1:80'))
    client.end('hello')
    await world.advance('1s')
    expect(client.text()).toBe('hello')
    await world.run(app.stopService())
    await expect(world.run(app.startService())).rejects.toMatchObject({ code: 'ERR_SENNIT_ALREADY_LISTENED' })
  })

  it('EP-60 EP-61 rejects its start when it was not started with the socket', async () => {
    const { app, world } = program('systemd:domain=INET:name=web')
    await expect(world.run(app.startService())).rejects.toMatchObject({ code: 'ERR_SENNIT_INHERITED_SOCKET' })
    world.assertQuiet()
  })

  it('EP-75 EP-80 reads its certificates from the files of the world, and takes new ones while it runs', async () => {
    const { app, world, log } = program('tls:8443:privateKey=/etc/web.pem:reload=5s')
    world.writeFile('/etc/web.pem', pem('web'))
    await world.run(app.startService())
    world.writeFile('/roots/root.pem', root.cert)
    const to = (name: string) =>
      clientFromString(`tls:127.0.0.1:8443:trustRoots=/roots:servername=${name}`, { reactor: world }).connect(
        duplexFactory(),
      )
    expect(await echoed(world, to('web'))).toBe('hello')
    await expect(world.run(to('new'))).rejects.toMatchObject({ name: 'SSLError' })
    const old = await world.run(to('web'))
    world.writeFile('/etc/web.pem', root.issue('new').key + root.issue('new').cert)
    await world.advance('6s')
    expect(log.messages('error')).toEqual(['New TLS credentials cannot be used; the old ones stay'])
    expect(await echoed(world, to('web'))).toBe('hello')
    world.writeFile('/etc/web.pem', pem('new'))
    await world.advance('6s')
    expect(await echoed(world, to('new'))).toBe('hello')
    expect(old.destroyed).toBe(false)
    old.destroy()
    await world.run(app.stopService())
    world.assertQuiet()
  })

  it('EP-80 rejects its start when a file is not there, and names it', async () => {
    const { app, world } = program(['tcp:80', 'tls:443:privateKey=/etc/web.pem'])
    await expect(world.run(app.startService())).rejects.toMatchObject({
      code: 'ERR_SENNIT_ENDPOINT_FILE',
      cause: { option: 'privateKey', path: '/etc/web.pem' },
    })
    world.assertQuiet()
  })

  it.each([
    ['haproxy:tcp:80:interface=127.0.0.1', 'PROXY TCP4 192.0.2.7 192.0.2.1 56324 443\r\n'],
    ['haproxy:unix:/run/app.sock', 'PROXY TCP4 192.0.2.7 192.0.2.1 56324 443\r\n'],
  ])('EP-62 listens behind a proxy: %s', async (description, header) => {
    const peers: string[] = []
    const { app, world } = program(
      description,
      handler(async (socket, { peer }) => {
        peers.push(String(peer))
        await pipeline(socket, socket)
      }),
    )
    await world.run(app.startService())
    const where = description.includes('unix') ? 'unix:/run/app.sock' : 'tcp:127.0.0.1:80'
    const client = await world.run(world.connect(where))
    client.write(header.slice(0, 10))
    await world.advance('1s')
    client.end(`${header.slice(10)}hello`)
    await world.advance('1s')
    expect(client.text()).toBe('hello')
    expect(peers).toEqual(['tcp:192.0.2.7:56324'])
    const silent = await world.run(world.connect(where))
    await world.advance('6s')
    expect(silent.closed).toBe(true)
    await world.run(app.stopService())
    world.assertQuiet()
  })

  it('EP-62 listens behind a proxy by TLS, whose handshake comes after the header', async () => {
    const { app, world } = program('haproxy:trusted=0.0.0.0/0:tls:443:privateKey=/etc/web.pem')
    world.writeFile('/etc/web.pem', pem('web'))
    await world.run(app.startService())
    // A proxy: says who has connected to it, then passes everything on.
    const proxy = service(
      'tcp:8443',
      handler(async (socket) => {
        const on = await clientFromString('tcp:127.0.0.1:443', { reactor: world }).connect(duplexFactory())
        on.write('PROXY TCP4 192.0.2.7 192.0.2.1 56324 443\r\n')
        await Promise.all([pipeline(socket, on), pipeline(on, socket)])
      }),
      { reactor: world, log: new MemoryLog() },
    )
    await world.run(proxy.startService())
    world.writeFile('/roots/root.pem', root.cert)
    const endpoint = clientFromString('tls:127.0.0.1:8443:trustRoots=/roots:servername=web', {
      reactor: world,
    })
    const socket = await world.run(endpoint.connect(duplexFactory()))
    socket.write('hello')
    await world.advance('1s')
    expect(String(socket.read())).toBe('hello')
    socket.destroy()
    await world.run(proxy.stopService())
    await world.run(app.stopService())
    world.assertQuiet()
  })

  it('ST-01 SE-01 listens at several places, all or none, and says where', async () => {
    const { web, app, world } = program(['tcp:80', 'tcp6:80', 'unix:/run/app.sock'])
    await world.run(app.privilegedStartService())
    expect(web.getHosts().map(String)).toEqual(['tcp:0.0.0.0:80', 'tcp:[::]:80', 'unix:/run/app.sock'])
    await world.run(app.startService())
    for (const where of ['tcp:127.0.0.1:80', 'tcp:[::1]:80', 'unix:/run/app.sock']) {
      const client = await world.run(world.connect(where))
      client.end('hello')
      await world.advance('1s')
      expect(client.text()).toBe('hello')
    }
    await world.run(app.stopService())
    expect(() => web.getHosts()).toThrow(expect.objectContaining({ code: 'ERR_SENNIT_NOT_LISTENING' }))
    world.assertQuiet()
  })

  it('SE-05 closes what it has opened when one of its places is taken', async () => {
    const { app, world } = program(['tcp:80', 'tcp:81', 'tcp:82'])
    const sink = world.listen('tcp:127.0.0.1:81')
    await expect(world.run(app.startService())).rejects.toMatchObject({ code: 'EADDRINUSE' })
    sink.close()
    await world.run(app.startService())
    await world.run(app.stopService())
    world.assertQuiet()
  })

  it('SE-16 drains all of its places together', async () => {
    const { app, world } = program(
      ['tcp:80', 'tcp:81'],
      handler(async (socket, { signal }) => {
        await new Promise((resolve) => signal.addEventListener('abort', resolve))
        socket.write('bye')
      }),
    )
    await world.run(app.startService())
    const clients = [
      await world.run(world.connect('tcp:127.0.0.1:80')),
      await world.run(world.connect('tcp:127.0.0.1:81')),
    ]
    await world.advance('1s')
    await world.run(app.stopService())
    expect(clients.map((client) => client.text())).toEqual(['bye', 'bye'])
    world.assertQuiet()
  })
})
