import { createServer } from 'node:http'
import { createServer as createNetServer, Socket } from 'node:net'
import { MemoryWorld } from '@sennit/testing'
import express from 'express'
import { describe, expect, it } from 'vitest'
import { httpFactory, type HttpServer } from '../src/index.ts'

describe('httpFactory', () => {
  it('serves and drains in a simulated world, on its time, and leaves nothing behind', async () => {
    const world = new MemoryWorld({ seed: 1 })
    const server = createServer((_request, response) => world.callLater(2, () => response.end('virtual')))
    const port = await world.listenTCP(80, httpFactory(server))
    const client = await world.run(world.connect('tcp:127.0.0.1:80'))
    client.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n')
    await world.advance('1s')
    const from = world.seconds()
    await world.run(port.stopListening())
    expect(world.seconds() - from).toBeCloseTo(1, 1)
    expect(client.text()).toContain('Connection: close')
    expect(client.text()).toContain('virtual')
    world.assertQuiet()
  })

  it('ends a silent connection in a simulated world after half a second', async () => {
    const world = new MemoryWorld({ seed: 1 })
    const port = await world.listenTCP(80, httpFactory(createServer()))
    await world.run(world.connect('tcp:127.0.0.1:80'))
    const from = world.seconds()
    await world.run(port.stopListening())
    expect(world.seconds() - from).toBeCloseTo(0.5, 1)
    world.assertQuiet()
  })

  it('tells WebSockets and the program when it drains, and joins what the program promises', async () => {
    const told: string[] = []
    const webSockets = {
      clients: [{ close: (code: number) => void told.push(`close ${code}`) }],
      on: () => {},
    }
    const failure = new Error('the program cannot')
    const factory = httpFactory(createServer(), {
      webSockets,
      onDrain: async () => {
        told.push('onDrain')
        throw failure
      },
    })
    await expect(factory.drain()).rejects.toBe(failure)
    expect(told).toEqual(['close 1001', 'onDrain'])
  })

  it.each([
    [
      'an application of Express',
      () => express(),
      "got a function; 'createServer(app)' makes a server of it",
    ],
    ['a server of something else', () => createNetServer(), 'got a Server that is none'],
    ['what is no server', () => new Socket(), 'got a Socket that is none'],
    ['nothing', () => undefined, 'got undefined'],
  ])('refuses %s', (_what, make, message) => {
    const refused = (): unknown => httpFactory(make() as unknown as HttpServer)
    expect(refused).toThrow(expect.objectContaining({ code: 'ERR_SENNIT_HTTP_SERVER' }))
    expect(refused).toThrow(message)
  })
})
