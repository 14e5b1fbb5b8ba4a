import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { describe, expect, it } from 'vitest'
import { takeOver } from '../src/take-over.ts'
import { until } from './kit.ts'

/** A socket whose other side has sent something, or nothing, and ended. */
async function ended(text: string): Promise<Socket> {
  const server = createServer({ allowHalfOpen: true }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  connect(port, '127.0.0.1').end(text)
  const [socket] = (await once(server, 'connection')) as [Socket]
  server.close()
  const hasCome = () => (text === '' ? socket.readableEnded : socket.readableLength > 0)
  await until(hasCome)
  return socket
}

describe('takeOver', () => {
  it.each(['', 'something'])('tells an end that came before, once, after %j', async (text) => {
    const socket = await ended(text)
    const told: string[] = []
    takeOver(socket, (taken) => {
      taken.on('data', (data) => told.push(String(data)))
      taken.on('end', () => told.push('end'))
    })
    await until(() => told.includes('end'))
    socket.destroy()
    await once(socket, 'close')
    expect(told).toEqual([text, 'end'].filter(Boolean))
  })

  it('tells nothing when it was destroyed by who took it', async () => {
    const socket = await ended('')
    const told: string[] = []
    takeOver(socket, (taken) => taken.on('end', () => told.push('end')).destroy())
    await once(socket, 'close')
    expect(told).toEqual([])
  })
})
