import { pipeline } from 'node:stream/promises'
import { describe, expect, it } from 'vitest'
import { duplexFactory, Factory, handler } from '@sennit/protocol'
import { realTurn } from '@sennit/runtime'
import { endpointConformance } from '../src/conformance/index.ts'
import {
  AccumulatingProtocol,
  MemoryClientEndpoint,
  memoryClientEndpoint,
  MemoryServerEndpoint,
  memoryServerEndpoint,
  MemoryWorld,
} from '../src/index.ts'
import { inWorld } from './conformance/world.ts'

const echo = handler((socket) => pipeline(socket, socket))

describe('memory endpoints in a world', () => {
  endpointConformance({ describe, it }, () => {
    const made = inWorld()
    const { world } = made
    return {
      ...made,
      server: new MemoryServerEndpoint('a', { reactor: world }),
      client: () => new MemoryClientEndpoint('a', { reactor: world }),
      again: () => new MemoryServerEndpoint('a', { reactor: world }),
    }
  })

  it('reach one machine from another, at the cost of the way', async () => {
    const { world } = inWorld({ latency: '1s' })
    const server = new MemoryServerEndpoint('chat', { reactor: world })
    const port = await server.listen(echo)
    const client = new MemoryClientEndpoint('chat', { reactor: world.host('other') })
    const socket = await world.run(client.connect(duplexFactory()))
    expect(world.seconds()).toBe(2)
    socket.end('hello')
    expect(await world.run(socket.toArray())).toEqual([Buffer.from('hello')])
    await world.run(port.stopListening())
    await world.advance('5s')
    world.assertQuiet()
  })

  it('give up after their timeout', async () => {
    const { world } = inWorld()
    await new MemoryServerEndpoint('chat', { reactor: world }).listen(echo)
    world.partition('other')
    const client = new MemoryClientEndpoint('chat', { reactor: world.host('other') })
    await expect(world.run(client.connect(duplexFactory(), { timeout: '2s' }))).rejects.toMatchObject({
      code: 'ETIMEDOUT',
    })
    expect(world.seconds()).toBe(2)
  })

  it('take the reactor of what they are used in, when they have none', async () => {
    const { world } = inWorld()
    const [context, name] = [{ reactor: world }, 'late']
    const port = await new MemoryServerEndpoint(name).listen(echo, { context })
    const away = new MemoryClientEndpoint(name).connect(duplexFactory())
    await expect(away).rejects.toMatchObject({ code: 'ECONNREFUSED' })
    const socket = await world.run(new MemoryClientEndpoint(name).connect(duplexFactory(), { context }))
    socket.destroy()
    await world.run(port.stopListening())
    await world.advance('1s')
    world.assertQuiet()
  })
})

describe('memory endpoints in a process', () => {
  let count = 0
  endpointConformance({ describe, it }, () => {
    const name = `process ${count++}`
    return {
      server: new MemoryServerEndpoint(name),
      client: () => new MemoryClientEndpoint(name),
      again: () => new MemoryServerEndpoint(name),
      run: async (work) => work,
      until: async (condition) => {
        for (let turn = 0; turn < 10_000 && !condition(); turn++) await realTurn()
        if (!condition()) throw new Error('The condition does not come to hold')
      },
      pass: async () => {
        for (let turn = 0; turn < 20; turn++) await realTurn()
      },
    }
  })
})

describe('the parsers of memory endpoints', () => {
  it('ask for a name', async () => {
    const world = new MemoryWorld({ patience: 0 })
    const asked: string[] = []
    const args = {
      reactor: world,
      required<T>(name: string, kind: { readonly wanted: string; read(text: string): T | undefined }): T {
        asked.push(name)
        expect(kind.wanted).toBe('a name')
        expect(kind.read('')).toBeUndefined()
        return kind.read('x')!
      },
    }
    const server = memoryServerEndpoint(args)
    const client = memoryClientEndpoint(args)
    expect([String(server), String(client), asked]).toEqual(['memory:x', 'memory:x', ['name', 'name']])
    const protocol = new AccumulatingProtocol()
    const factory = new Factory<AccumulatingProtocol>()
    factory.buildProtocol = () => protocol
    await server.listen(echo)
    await world.run(client.connect(factory))
    expect(protocol.transport.getPeer()).toMatchObject({ type: 'MEMORY', name: 'x' })
    expect(protocol.transport.getHost().toString()).toBe('memory:')
  })
})
