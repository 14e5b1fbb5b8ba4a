import { describe, expect, it } from 'vitest'
import { AccumulatingProtocol } from '../../../src/index.ts'
import { newWorld, serverOf } from '../world-pair.ts'

async function connected() {
  const { world } = newWorld()
  const server = new AccumulatingProtocol()
  await world.listenTCP(80, serverOf(server))
  const peer = await world.run(world.connect('tcp:127.0.0.1:80'))
  await world.run(server.whenMade)
  return { world, server, peer }
}

describe('WorldPeer', () => {
  it('sends text and bytes', async () => {
    const { world, server, peer } = await connected()
    expect(peer.write('€').write(new Uint8Array([33]))).toBe(peer)
    await world.advance('1s')
    expect(server.data.toString()).toBe('€!')
  })

  it('collects what comes, and forgets it on request', async () => {
    const { world, server, peer } = await connected()
    server.transport.write(Buffer.from('one'))
    await world.run(peer.received('one'))
    expect(peer.bytes()).toEqual(Buffer.from('one'))
    peer.clear()
    expect(peer.text()).toBe('')
  })

  it('closes when the program ends', async () => {
    const { world, server, peer } = await connected()
    expect(peer).toMatchObject({ closed: false, ended: false, reason: undefined })
    server.transport.loseConnection()
    const reason = await world.run(peer.whenClosed)
    expect(reason).toMatchObject({ name: 'ConnectionDone' })
    expect(peer).toMatchObject({ closed: true, ended: true, reason })
  })

  it('ends one direction, and hears the answer', async () => {
    const { world, server, peer } = await connected()
    server.dataReceived = () => {}
    peer.end('question')
    Object.assign(server, {
      readConnectionLost() {
        server.transport.write(Buffer.from('answer'))
        server.transport.loseConnection()
      },
      writeConnectionLost() {},
    })
    await world.run(peer.whenClosed)
    expect(peer.text()).toBe('answer')
  })

  it('closes both directions', async () => {
    const { world, server, peer } = await connected()
    peer.write('last').close()
    await world.run(server.whenClosed)
    expect(server.data.toString()).toBe('last')
    expect(server.closedReason).toMatchObject({ name: 'ConnectionDone' })
  })

  it('resets', async () => {
    const { world, server, peer } = await connected()
    peer.abort()
    await world.run(server.whenClosed)
    expect(server.closedReason).toMatchObject({ code: 'ECONNRESET' })
  })

  it('reads nothing while it is paused', async () => {
    const { world, server, peer } = await connected()
    peer.pause()
    server.transport.write(Buffer.from('x'))
    await world.advance('1s')
    expect(peer.text()).toBe('')
    peer.resume()
    await world.run(peer.received('x'))
  })

  it('rejects a wait with the reason of the loss', async () => {
    const { world, server, peer } = await connected()
    server.transport.abortConnection()
    await expect(world.run(peer.received('x'))).rejects.toMatchObject({ code: 'ECONNRESET' })
  })

  it('knows both addresses', async () => {
    const { peer, server } = await connected()
    expect(peer.peer.toString()).toBe('tcp:127.0.0.1:80')
    expect(peer.host.toString()).toBe(server.transport.getPeer().toString())
  })
})
