import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { systemClock } from '@sennit/runtime'
import { ConnectionSet } from '../src/connection-set.ts'
import { handler, type StreamFunction } from '../src/handler.ts'
import { internetAddress } from '../src/addresses.ts'
import { lines } from '../src/lines.ts'
import { StreamSession } from '../src/stream-session.ts'
import { FakeLog } from './fake-log.ts'

const open: { destroy(): void }[] = []
afterEach(() => {
  for (const each of open.splice(0)) each.destroy()
})

/** A port on a real socket, as small as can be, and a client of it. */
async function serve(serving: StreamFunction, drainTimeout = 5) {
  const log = new FakeLog()
  const serves = handler(serving)
  const connections = new ConnectionSet({ handler: serves, clock: systemClock, log, drainTimeout })
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    const session: StreamSession = new StreamSession(serves, socket, {
      peer: () => internetAddress('TCP', socket.remoteAddress!, socket.remotePort!),
      host: () => internetAddress('TCP', socket.localAddress!, socket.localPort!),
      clock: systemClock,
      log,
      ended: () => connections.delete(session),
    })
    connections.add(session)
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const client: Socket = connect({
    port: (server.address() as AddressInfo).port,
    host: '127.0.0.1',
    allowHalfOpen: true,
  })
  client.on('error', () => {})
  open.push(client, { destroy: () => server.close() })
  await once(client, 'connect')
  return { client, connections, log }
}

async function untilEmpty(connections: ConnectionSet): Promise<void> {
  while (connections.size > 0) await new Promise((resolve) => setTimeout(resolve, 5))
}

describe('a stream handler on real sockets', () => {
  it('answers lines, and ends when the other side has ended', async () => {
    const { client, connections, log } = await serve(async (socket, { signal }) => {
      for await (const line of lines(socket, { signal })) socket.write(`hello ${line}\n`)
    })
    client.end('one\ntwo\r\nthr')
    const answers = (await client.toArray()).join('')
    expect(answers).toBe('hello one\nhello two\nhello thr\n')
    await untilEmpty(connections)
    expect(log.entries).toEqual([])
  })

  it('delivers its last words although much is left unread', async () => {
    const { client } = await serve(async (socket) => {
      await once(socket, 'readable')
      socket.write('bye')
    })
    const writing = setInterval(() => client.write(Buffer.alloc(100_000)), 1)
    try {
      const received: Buffer[] = []
      client.on('data', (chunk) => received.push(chunk))
      await once(client, 'end')
      expect(Buffer.concat(received).toString()).toBe('bye')
    } finally {
      clearInterval(writing)
    }
  })

  it('survives a reset, and logs no failure', async () => {
    const { client, connections, log } = await serve(async (socket) => {
      socket.write('x')
      for await (const chunk of socket) void chunk
    })
    await once(client, 'data')
    client.resetAndDestroy()
    await untilEmpty(connections)
    expect(log.entries).toMatchObject([{ level: 'debug', err: { code: 'ECONNRESET' } }])
  })

  it('says goodbye when it is drained', async () => {
    const { client, connections, log } = await serve(async (socket, { signal }) => {
      socket.write('hello\n')
      try {
        for await (const line of lines(socket, { signal })) void line
      } finally {
        socket.write('bye\n')
      }
    })
    await once(client, 'data')
    const drained = connections.drain()
    const received = (await client.toArray()).join('')
    client.end()
    await drained
    expect(received).toBe('bye\n')
    expect(connections.size).toBe(0)
    expect(log.entries).toEqual([])
  })

  it('is cut at the end of the drain when it does not listen', async () => {
    const { client, connections, log } = await serve(async (socket) => {
      socket.write('x')
      for await (const chunk of socket) void chunk
    }, 0.05)
    await once(client, 'data')
    await connections.drain()
    expect(connections.size).toBe(0)
    expect(log.entries.map(({ level }) => level)).toEqual(['warn', 'debug'])
  })
})
