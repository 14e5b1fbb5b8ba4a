import { describe, expect, it } from 'vitest'
import { AccumulatingProtocol } from '../../../src/index.ts'
import { clientOf, newWorld } from '../world-pair.ts'

/** Begins to connect; what becomes of it. */
function connecting(world: ReturnType<typeof newWorld>['world'], host: string, port = 80, options = {}) {
  const client = new AccumulatingProtocol()
  const factory = clientOf(client)
  const seen: { client: AccumulatingProtocol; failure: (Error & { code?: string }) | undefined } = {
    client,
    failure: undefined,
  }
  factory.clientConnectionFailed = (_connector, reason) => {
    seen.failure = reason
  }
  world.connectTCP(host, port, factory, options)
  return seen
}

describe('WorldNames', () => {
  it('EP-26 EP-27 EP-28 tries the addresses in order, 250 ms apart; the first that answers wins', async () => {
    const { world } = newWorld()
    world.names.set('db.example', ['192.0.2.1', '192.0.2.2', '192.0.2.3'])
    world.partition('192.0.2.1')
    world.partition('192.0.2.2')
    world.listen('tcp:192.0.2.3:80')
    const { client } = connecting(world, 'db.example')
    await world.advance('499ms')
    expect(client.made).toBe(false)
    await world.advance('10ms')
    expect(client.made).toBe(true)
    expect(client.transport.getPeer().toString()).toBe('tcp:192.0.2.3:80')
    client.transport.loseConnection()
    await world.advance('5s')
    expect(world.pending()).toEqual([])
  })

  it('EP-31 a failure brings the next address forward; the families take turns', async () => {
    const { world } = newWorld()
    world.names.set('db.example', ['2001:db8::1', '2001:db8::2', '192.0.2.1'])
    world.listen('tcp:192.0.2.1:80')
    const { client } = connecting(world, 'db.example')
    await world.advance('10ms')
    expect(client.transport.getPeer().toString()).toBe('tcp:192.0.2.1:80')
  })

  it.each(['ENOTFOUND', 'EAI_AGAIN'])('EP-33 fails with %s, when that is said', async (code) => {
    const { world } = newWorld()
    world.names.fail('gone.example', code)
    const seen = connecting(world, 'gone.example')
    await world.advance('1ms')
    expect(seen.failure).toMatchObject({ name: 'DNSLookupError', code, hostname: 'gone.example' })
    await expect(world.run(world.resolve('gone.example'))).rejects.toMatchObject({ code })
  })

  it('EP-38 a name server that is slow costs time, and one that never answers the timeout', async () => {
    const { world } = newWorld()
    world.names.set('slow.example', ['192.0.2.1'], { delay: '2s' })
    world.names.fail('never.example', 'ENOTFOUND', { delay: Infinity })
    world.listen('tcp:192.0.2.1:80')
    const slow = connecting(world, 'slow.example')
    const never = connecting(world, 'never.example', 80, { timeout: '5s' })
    await world.advance('1999ms')
    expect(slow.client.made).toBe(false)
    await world.advance('10ms')
    expect(slow.client.made).toBe(true)
    await world.advance('3s')
    expect(never.failure?.code).toBe('ETIMEDOUT')
  })

  it('changes what a name stands for while the program runs', async () => {
    const { world } = newWorld()
    world.names.set('db.example', ['192.0.2.1'])
    expect(await world.run(world.resolve('db.example'))).toBe('192.0.2.1')
    world.names.set('db.example', ['192.0.2.2'])
    expect(await world.run(world.resolve('db.example'))).toBe('192.0.2.2')
    world.names.forget('db.example')
    expect(await world.run(world.resolve('db.example'))).toBe(world.host('db.example').address)
  })

  it('says what holds when the answer comes', async () => {
    const { world } = newWorld()
    world.names.fail('db.example', 'EAI_AGAIN', { delay: '1s' })
    const resolved = world.resolve('db.example')
    world.names.set('db.example', ['192.0.2.2'])
    expect(await world.run(resolved)).toBe('192.0.2.2')
  })
})
