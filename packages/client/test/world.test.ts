/** In the simulated world: the whole client, on fake time and a fake network. */
import { duplexFactory } from '@sennit/protocol'
import { MemoryLog, MemoryWorld } from '@sennit/testing'
import { describe, expect, it } from 'vitest'
import { ClientService } from '../src/index.ts'
import { TCPEndpoint } from './tcp-endpoint.ts'

function world(seed = 1) {
  const made = new MemoryWorld({ seed })
  const log = new MemoryLog()
  const endpoint = new TCPEndpoint(undefined, 'carbon', 2003)
  const client = new ClientService(endpoint, duplexFactory(), { reactor: made, random: made.random, log })
  return { world: made, client, log }
}

describe('ClientService in a MemoryWorld', () => {
  it('CS-45 queues while the server is away, and connects when it comes', async () => {
    const { world: made, client } = world()
    await made.run(client.startService())
    await made.advance('1m')
    expect(client.connectionState.failures).toBeGreaterThan(3)
    const sink = made.listen('tcp:carbon:2003')
    const socket = await made.run(client.whenConnected({ timeout: '2m' }))
    socket.write('a 1\n')
    await made.run(sink.received('a 1\n'))
    await made.run(client.stopService())
    made.assertQuiet()
  })

  it.each([1, 2, 3, 4, 5, 6, 7, 8])(
    'CS-79 survives resets and partitions, and leaves nothing behind (seed %d)',
    async (seed) => {
      const { world: made, client } = world(seed)
      const sink = made.listen('tcp:carbon:2003')
      await made.run(client.startService())
      for (let round = 0; round < 5; round++) {
        const socket = await made.run(client.whenConnected({ timeout: '5m' }))
        made.reset(socket)
        await made.advance('100ms')
        expect(client.current).toBeUndefined()
      }
      made.partition('carbon')
      await made.advance('10m')
      expect(client.current).toBeUndefined()
      made.heal('carbon')
      const last = await made.run(client.whenConnected({ timeout: '5m' }))
      last.write(`seed ${seed}\n`)
      await made.run(sink.received(`seed ${seed}\n`))
      made.partition('carbon')
      // Even a peer that answers nothing holds the stop up for a bounded time only.
      const before = made.seconds()
      await made.run(client.stopService())
      expect(made.seconds() - before).toBeLessThanOrEqual(10)
      made.assertQuiet()
    },
  )

  it('repeats exactly', async () => {
    const run = async () => {
      const { world: made, client } = world(7)
      const seen: string[] = []
      client.onConnectionState(({ name, retryIn }) => seen.push(`${made.seconds()} ${name} ${retryIn}`))
      await made.run(client.startService())
      await made.advance('2m')
      made.listen('tcp:carbon:2003')
      await made.advance('2m')
      await made.run(client.stopService())
      return seen
    }
    const first = await run()
    expect(first.length).toBeGreaterThan(10)
    expect(await run()).toEqual(first)
  })
})
