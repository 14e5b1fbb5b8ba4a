import { createServer, request } from 'node:http'
import type { Socket } from 'node:net'
import { Duplex } from 'node:stream'
import { describe, expect, it } from 'vitest'
import type { ISocketHandler } from '@sennit/interfaces'
import { ClientFactory, DuplexProtocol } from '@sennit/protocol'
import { authority, MemoryLog, type MemorySocket, MemoryWorld } from '../../../src/index.ts'

/** A world in which each connection to port 80 is given to a function. */
async function listening(serve: (socket: MemorySocket) => void) {
  const log = new MemoryLog()
  const world = new MemoryWorld({ seed: 1, log, patience: 0 })
  const handler: ISocketHandler = { handleSocket: (socket) => serve(socket as MemorySocket) }
  const port = await world.listenTCP(80, handler)
  return { world, log, port }
}

describe('an http server', () => {
  it('answers a request that is written by hand', async () => {
    const server = createServer((req, res) => {
      res.end(`${req.method} ${req.url} from ${req.socket.remoteAddress}`)
    })
    const { world, port } = await listening((socket) => server.emit('connection', socket))
    const client = await world.run(world.connect('tcp:127.0.0.1:80'))
    client.write('GET /a HTTP/1.1\r\nHost: x\r\n\r\n')
    await world.run(client.received('GET /a from 127.0.0.1'))
    client.write('GET /b HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')
    await world.run(client.whenClosed)
    expect(client.text()).toMatch(
      /^HTTP\/1\.1 200 OK\r\n[^]*GET \/a from[^]*HTTP\/1\.1 200 OK\r\n[^]*GET \/b from/,
    )
    expect(client.reason?.name).toBe('ConnectionDone')
    await world.run(port.stopListening())
    world.assertQuiet()
  })

  it('closes an idle connection on virtual time', async () => {
    const server = createServer((_req, res) => res.end('ok'))
    server.keepAliveTimeout = 5000
    const { world } = await listening((socket) => server.emit('connection', socket))
    const client = await world.run(world.connect('tcp:127.0.0.1:80'))
    client.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n')
    await world.run(client.received('ok'))
    await world.advance('4s')
    expect(client.closed).toBe(false)
    await world.advance('10s')
    expect(client.closed).toBe(true)
  })

  it('takes a large body, and sends one, without losing a byte', async () => {
    const server = createServer((req, res) => req.pipe(res))
    const { world } = await listening((socket) => server.emit('connection', socket))
    const client = await world.run(world.connect('tcp:127.0.0.1:80'))
    const body = 'x'.repeat(1_000_000)
    client.write(`POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: ${body.length}\r\n\r\n`)
    client.write(body)
    await world.run(client.whenClosed)
    expect(client.text().match(/x/g)).toHaveLength(body.length)
  })

  it('serves an http client of Node over another socket of the world', async () => {
    const server = createServer((req, res) => res.end(`hello ${req.url}`))
    const { world } = await listening((socket) => server.emit('connection', socket))
    const factory = new ClientFactory<DuplexProtocol>()
    const socket = new DuplexProtocol()
    factory.buildProtocol = () => socket
    world.connectTCP('127.0.0.1', 80, factory)
    await world.until(() => socket.connected)
    const answer = new Promise<string>((resolve, reject) => {
      const req = request({ path: '/z', createConnection: () => socket as unknown as Socket }, (res) => {
        let text = ''
        res.on('data', (chunk: Buffer) => (text += chunk.toString()))
        res.on('end', () => resolve(text))
      })
      req.on('error', reject)
      req.end()
    })
    expect(await world.run(answer)).toBe('hello /z')
  })
})

describe('MemorySocket', () => {
  it('is a stream with the members of a net.Socket that servers use', async () => {
    let socket!: MemorySocket
    const { world } = await listening((given) => {
      socket = given
    })
    const client = await world.run(world.connect('tcp:localhost:80'))
    await world.until(() => socket !== undefined)
    expect(socket).toBeInstanceOf(Duplex)
    expect({
      remoteAddress: socket.remoteAddress,
      remoteFamily: socket.remoteFamily,
      localAddress: socket.localAddress,
      localPort: socket.localPort,
      localFamily: socket.localFamily,
      address: socket.address(),
      connecting: socket.connecting,
    }).toEqual({
      remoteAddress: '127.0.0.1',
      remoteFamily: 'IPv4',
      localAddress: '127.0.0.1',
      localPort: 80,
      localFamily: 'IPv4',
      address: { address: '127.0.0.1', port: 80, family: 'IPv4' },
      connecting: false,
    })
    expect(`tcp:127.0.0.1:${socket.remotePort}`).toBe(client.host.toString())
    expect(socket.setNoDelay().setKeepAlive().ref().unref()).toBe(socket)
  })

  it('counts the bytes that come and go', async () => {
    let socket!: MemorySocket
    const { world } = await listening((given) => {
      socket = given
      socket.resume()
      socket.cork()
      socket.write('ab')
      socket.write('c')
      socket.uncork()
    })
    const client = await world.run(world.connect('tcp:127.0.0.1:80'))
    client.write('12345')
    await world.run(client.received('abc'))
    await world.until(() => socket.bytesRead === 5)
    expect(socket.bytesWritten).toBe(3)
  })

  it('emits timeout once for each time that nothing comes or goes for so long', async () => {
    let socket!: MemorySocket
    const timeouts: number[] = []
    const { world } = await listening((given) => {
      socket = given
      socket.resume()
      socket.setTimeout(10_000)
      socket.on('timeout', () => timeouts.push(world.seconds()))
    })
    const client = await world.run(world.connect('tcp:127.0.0.1:80'))
    await world.advance('9s')
    client.write('x')
    await world.advance('9s')
    expect(timeouts).toEqual([])
    await world.advance('1m')
    expect(timeouts).toHaveLength(1)
    client.write('y')
    await world.advance('1m')
    expect(timeouts).toHaveLength(2)
    socket.setTimeout(0)
    client.write('z')
    await world.advance('1m')
    expect(timeouts).toHaveLength(2)
  })

  it('calls the listener of setTimeout once, and takes it away again', async () => {
    let calls = 0
    const count = () => calls++
    let socket!: MemorySocket
    const { world } = await listening((given) => {
      socket = given
      socket.resume()
      socket.setTimeout(1000, count)
    })
    await world.run(world.connect('tcp:127.0.0.1:80'))
    await world.advance('1m')
    expect(calls).toBe(1)
    socket.setTimeout(1000, count)
    socket.setTimeout(0, count)
    expect(socket.listenerCount('timeout')).toBe(0)
  })

  it('leaves nothing behind when it is closed while its timeout runs', async () => {
    const { world, port } = await listening((socket) => {
      socket.resume().on('end', () => socket.end())
      socket.setTimeout(1000)
    })
    const client = await world.run(world.connect('tcp:127.0.0.1:80'))
    client.close()
    await world.run(client.whenClosed)
    await world.run(port.stopListening())
    world.assertQuiet()
    await expect(world.run(new Promise(() => {}))).rejects.toMatchObject({ code: 'ERR_SENNIT_WORLD_STUCK' })
    expect(world.seconds()).toBeLessThan(1)
  })

  it('destroys itself after what was written with destroySoon', async () => {
    const { world } = await listening((socket) => {
      socket.write('x'.repeat(500_000))
      socket.destroySoon()
    })
    const client = await world.run(world.connect('tcp:127.0.0.1:80'))
    await world.run(client.whenClosed)
    expect(client.text()).toHaveLength(500_000)
    expect(client.reason?.name).toBe('ConnectionDone')
  })

  it('resets the connection with resetAndDestroy', async () => {
    const { world } = await listening((socket) => socket.resetAndDestroy())
    const client = await world.run(world.connect(`tcp:${world.address}:80`, { from: 'away' }))
    await world.run(client.whenClosed)
    expect(client.reason).toMatchObject({ code: 'ECONNRESET' })
  })

  it('has no addresses over a UNIX socket, as Node has it', async () => {
    const sockets: MemorySocket[] = []
    const { world } = await listening(() => {})
    await world.listenUNIX('/run/a', { handleSocket: (socket) => void sockets.push(socket as MemorySocket) })
    await world.run(world.connect('unix:/run/a'))
    const [socket] = sockets
    expect(socket!.address()).toEqual({})
    expect([socket!.remoteAddress, socket!.remotePort, socket!.remoteFamily]).toEqual([
      undefined,
      undefined,
      undefined,
    ])
    expect([socket!.localAddress, socket!.localPort, socket!.localFamily]).toEqual([
      undefined,
      undefined,
      undefined,
    ])
    expect([socket!.encrypted, socket!.authorized, socket!.alpnProtocol, socket!.servername]).toEqual([
      false,
      false,
      false,
      false,
    ])
  })

  it('says how private it is, as a TLSSocket does', async () => {
    const sockets: MemorySocket[] = []
    const world = new MemoryWorld({ patience: 0, epoch: Date.UTC(2026, 0) / 1000 })
    const known = authority('known')
    const tls = {
      ...known.issue('a.example'),
      ca: known.cert,
      requestCert: true,
      ALPNProtocols: ['http/1.1'],
    }
    const handler = { handleSocket: (socket: object) => void sockets.push(socket as MemorySocket) }
    await world.listenSSL(443, handler, tls)
    const client = { ...known.issue('me', { names: [] }), ca: known.cert, servername: 'a.example' }
    await world.run(world.connect('tls:127.0.0.1:443', { ...client, ALPNProtocols: ['http/1.1'] }))
    await world.until(() => sockets.length > 0)
    const { encrypted, authorized, alpnProtocol, servername, localPort } = sockets[0]!
    expect({ encrypted, authorized, alpnProtocol, servername, localPort }).toEqual({
      encrypted: true,
      authorized: true,
      alpnProtocol: 'http/1.1',
      servername: 'a.example',
      localPort: 443,
    })
  })
})
