import { describe, expect, it } from 'vitest'
import { AccumulatingProtocol } from '../../../src/index.ts'
import { pair } from '../world-pair.ts'

const bytes = (text: string) => Buffer.from(text)

describe('what is written', () => {
  it('in one instant arrives as one chunk', async () => {
    const { world, client, server } = await pair()
    client.transport.write(bytes('a'))
    client.transport.writeSequence([bytes('b'), bytes('c')])
    await world.advance('1s')
    expect(server.chunks.map(String)).toEqual(['abc'])
  })

  it('in two instants arrives as two', async () => {
    const { world, client, server } = await pair()
    client.transport.write(bytes('a'))
    await world.advance('0.01ms')
    client.transport.write(bytes('b'))
    await world.advance('1s')
    expect(server.chunks.map(String)).toEqual(['a', 'b'])
  })

  it('arrives as it was when it was written', async () => {
    const { world, client, server } = await pair()
    const small = bytes('small')
    const large = Buffer.alloc(200_000, 'l')
    client.transport.write(small)
    client.transport.write(large)
    small.fill('x')
    large.fill('x')
    await world.advance('1s')
    expect(server.data.includes('x')).toBe(false)
  })

  it('takes the time of one way, whatever its size below the window', async () => {
    const { world, client, server } = await pair({ latency: '1s' })
    client.transport.write(Buffer.alloc(65536))
    await world.advance('999ms')
    expect(server.data).toHaveLength(0)
    await world.advance('1ms')
    expect(server.data).toHaveLength(65536)
  })

  it('goes by 64 KiB for each round trip', async () => {
    const { world, client, server } = await pair({ latency: '1s' })
    client.transport.write(Buffer.alloc(3 * 65536))
    const sizes: number[] = []
    for (let n = 0; n < 6; n++) {
      await world.advance('1s')
      sizes.push(server.data.length / 65536)
    }
    expect(sizes).toEqual([1, 1, 2, 2, 3, 3])
  })

  it('keeps its order when something is written while there is room, but not yet known of', async () => {
    const { world, client, server } = await pair({ latency: '1s' })
    client.transport.write(Buffer.alloc(100_000, 'a'))
    await world.advance('1500ms')
    client.transport.write(bytes('b'))
    await world.advance('1m')
    expect(server.data).toHaveLength(100_001)
    expect(server.data.at(-1)).toBe('b'.charCodeAt(0))
  })

  it('keeps its order when something comes while what waited is about to be read', async () => {
    const { world, client, server } = await pair({ latency: 0 })
    server.transport.pauseProducing()
    client.transport.write(bytes('a'))
    await world.advance('1s')
    client.transport.write(bytes('b'))
    server.transport.resumeProducing()
    await world.advance('1s')
    expect(server.data.toString()).toBe('ab')
  })

  it('stays with the sender while the other side does not read', async () => {
    const { world, client, server } = await pair()
    server.transport.pauseProducing()
    client.transport.write(Buffer.alloc(1_000_000))
    await world.advance('1h')
    server.transport.resumeProducing()
    server.transport.pauseProducing()
    await world.advance('1h')
    expect(server.data).toHaveLength(0)
    server.transport.resumeProducing()
    await world.advance('1s')
    expect(server.data).toHaveLength(1_000_000)
  })

  it('is not sent across an abort, but what was under way arrives before the reset', async () => {
    const { world, client, server } = await pair()
    client.transport.write(Buffer.alloc(200_000))
    client.transport.abortConnection()
    await world.run(server.whenClosed)
    expect(server.data).toHaveLength(65536)
    expect(server.closedReason).toMatchObject({ code: 'ECONNRESET' })
  })
})

describe('closing', () => {
  it('ends within a round trip when the other side closes too', async () => {
    const { world, client, server } = await pair({ latency: '1ms' })
    const start = world.seconds()
    client.transport.loseConnection()
    await world.run(client.whenClosed)
    expect(server.closed).toBe(true)
    expect(world.seconds() - start).toBeCloseTo(0.002, 6)
  })

  it('waits a second for the other side, no longer', async () => {
    const { world, client, server } = await pair({ latency: '1ms' })
    server.transport.pauseProducing()
    const start = world.seconds()
    client.transport.loseConnection()
    await world.run(client.whenClosed)
    expect(world.seconds() - start).toBeCloseTo(1, 6)
    expect(client.closedReason).toMatchObject({ name: 'ConnectionDone' })
    expect(server.closed).toBe(false)
  })

  it('drops what still comes, so that the other side can finish', async () => {
    const { world, client, server } = await pair()
    server.transport.registerProducer({ resumeProducing() {}, pauseProducing() {}, stopProducing() {} }, true)
    server.transport.write(Buffer.alloc(500_000))
    client.transport.loseConnection()
    await world.run(client.whenClosed)
    expect(client.data).toHaveLength(0)
    await world.run(server.whenClosed)
    expect(server.closedReason).toMatchObject({ name: 'ConnectionDone' })
  })

  it('drops what waits to be read', async () => {
    const { world, client, server } = await pair()
    client.transport.pauseProducing()
    server.transport.write(Buffer.alloc(500_000))
    server.transport.loseConnection()
    await world.advance('1m')
    expect(server.closed).toBe(false)
    client.transport.loseConnection()
    await world.run(Promise.all([client.whenClosed, server.whenClosed]))
    expect(client.data).toHaveLength(0)
    expect(client.closedReason).toMatchObject({ name: 'ConnectionDone' })
  })

  it('sees the end that waits behind unread bytes', async () => {
    const { world, client, server } = await pair()
    client.transport.pauseProducing()
    server.transport.write(bytes('bye'))
    server.transport.loseConnection()
    await world.advance('0.5s')
    expect(client.closed).toBe(false)
    client.transport.resumeProducing()
    await world.run(client.whenClosed)
    expect(client.data.toString()).toBe('bye')
  })

  it('answers what comes after the loss with a reset', async () => {
    const { world, client, server } = await pair()
    server.transport.pauseProducing()
    client.transport.loseConnection()
    await world.run(client.whenClosed)
    expect(server.closed).toBe(false)
    server.transport.write(bytes('anybody?'))
    await world.run(server.whenClosed)
    expect(server.closedReason).toMatchObject({ code: 'ECONNRESET' })
  })

  it('can be aborted while it waits to send', async () => {
    const { world, client, server } = await pair()
    server.transport.pauseProducing()
    client.transport.write(Buffer.alloc(500_000))
    client.transport.loseConnection()
    await world.advance('1m')
    expect(client.closed).toBe(false)
    client.transport.abortConnection()
    await world.run(Promise.all([client.whenClosed, server.whenClosed]))
    expect(client.closedReason).toMatchObject({ name: 'ConnectionAborted' })
    expect(server.closedReason).toMatchObject({ code: 'ECONNRESET' })
  })

  it('is clean for the other side when it is aborted after its end was sent', async () => {
    const { world, client, server } = await pair()
    client.transport.loseConnection()
    await world.advance(0)
    client.transport.abortConnection()
    await world.run(Promise.all([client.whenClosed, server.whenClosed]))
    expect(client.closedReason).toMatchObject({ name: 'ConnectionAborted' })
    expect(server.closedReason).toMatchObject({ name: 'ConnectionDone' })
  })
})

describe('one direction that goes on', () => {
  it('is not reset by an abort after the end was sent, until it sends', async () => {
    const server = Object.assign(new AccumulatingProtocol(), {
      readConnectionLost() {},
      writeConnectionLost() {},
    })
    const { world, client } = await pair({}, undefined, server)
    client.transport.loseConnection()
    await world.advance(0)
    client.transport.abortConnection()
    await world.advance('1m')
    expect(client.closed).toBe(true)
    expect(server.closed).toBe(false)
    server.transport.write(bytes('anybody?'))
    await world.run(server.whenClosed)
    expect(server.closedReason).toMatchObject({ code: 'ECONNRESET' })
  })
})

describe('producers', () => {
  const recorder = () => {
    const told: string[] = []
    const note = (event: string) => () => void told.push(event)
    return {
      told,
      producer: {
        pauseProducing: note('pause'),
        resumeProducing: note('resume'),
        stopProducing: note('stop'),
      },
    }
  }

  it('PR-19 pauses at more than 64 KiB that wait, once', async () => {
    const { world, client, server } = await pair()
    server.transport.pauseProducing()
    const { told, producer } = recorder()
    client.transport.registerProducer(producer, true)
    client.transport.write(Buffer.alloc(65536))
    client.transport.write(Buffer.alloc(65536))
    expect(told).toEqual([])
    client.transport.write(Buffer.alloc(1))
    client.transport.write(Buffer.alloc(1))
    expect(told).toEqual(['pause'])
    server.transport.resumeProducing()
    await world.advance('1s')
    expect(told).toEqual(['pause', 'resume'])
  })

  it('PR-19 pauses at once when too much waits already', async () => {
    const { client, server } = await pair()
    server.transport.pauseProducing()
    client.transport.write(Buffer.alloc(500_000))
    const { told, producer } = recorder()
    client.transport.registerProducer(producer, true)
    expect(told).toEqual(['pause'])
  })

  it('PR-19 asks a pull producer once, however many chunks it has written', async () => {
    const { world, client, server } = await pair()
    let asked = 0
    client.transport.registerProducer(
      {
        resumeProducing() {
          asked++
          if (asked > 3) return
          client.transport.write(bytes('a'))
          client.transport.write(bytes('b'))
        },
        stopProducing() {},
      },
      false,
    )
    await world.advance('1s')
    expect(asked).toBe(4)
    expect(server.data.toString()).toBe('ababab')
  })

  it('PR-19 asks a pull producer only when the window has room', async () => {
    const { world, client, server } = await pair()
    server.transport.pauseProducing()
    let asked = 0
    client.transport.registerProducer(
      {
        resumeProducing() {
          asked++
          client.transport.write(Buffer.alloc(32768))
        },
        stopProducing() {},
      },
      false,
    )
    await world.advance('1s')
    expect(asked).toBe(3)
    client.transport.abortConnection()
    await world.advance('1s')
    expect(asked).toBe(3)
  })

  it('PR-17 cuts the connection when a producer throws', async () => {
    const { world, log, client, server } = await pair()
    server.transport.pauseProducing()
    const error = new Error('boom')
    const { producer } = recorder()
    client.transport.registerProducer(
      {
        ...producer,
        resumeProducing() {
          throw error
        },
      },
      true,
    )
    client.transport.write(Buffer.alloc(500_000))
    server.transport.resumeProducing()
    await world.run(client.whenClosed)
    expect(client.closedReason).toBe(error)
    expect(log.errors()).toEqual([error])
  })

  it('PR-18 stops a producer that comes during an abort', async () => {
    const { client } = await pair()
    client.transport.abortConnection()
    const { told, producer } = recorder()
    client.transport.registerProducer(producer, true)
    expect(told).toEqual(['stop'])
  })
})

describe('a throwing protocol', () => {
  it('PR-17 is cut: the other side sees a reset', async () => {
    const error = new Error('boom')
    const bad = new AccumulatingProtocol({
      onData: () => {
        throw error
      },
    })
    const { world, log, client } = await pair({}, undefined, bad)
    client.transport.write(bytes('x'))
    await world.run(client.whenClosed)
    expect(client.closedReason).toMatchObject({ code: 'ECONNRESET' })
    expect(log.events).toMatchObject([
      { level: 'error', fields: { err: error }, message: 'dataReceived threw; its connection is closed' },
    ])
  })
})

describe('the options of TCP', () => {
  it('have no effect here', async () => {
    const { world, client, server } = await pair()
    const transport = client.transport as typeof client.transport & {
      setTcpNoDelay(enabled: boolean): void
      setTcpKeepAlive(budget: number | false): void
    }
    transport.setTcpNoDelay(true)
    transport.setTcpKeepAlive(false)
    transport.write(bytes('a'))
    await world.advance('1s')
    expect(server.data.toString()).toBe('a')
  })
})
