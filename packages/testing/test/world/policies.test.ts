import { describe, expect, it } from 'vitest'
import {
  Factory,
  LineReceiver,
  Protocol,
  ThrottlingFactory,
  TimeoutFactory,
  TimeoutMixin,
} from '@sennit/protocol'
import { MemoryWorld } from '../../src/index.ts'

/** What is built beforehand gets its time from the connection, so that nobody has to give it. */
describe('policies in a simulated world', () => {
  it('close a connection on which nothing happens, in virtual time', async () => {
    const world = new MemoryWorld({ seed: 1 })
    await world.listenTCP(8000, new TimeoutFactory(Factory.forProtocol(Protocol), { timeoutPeriod: '10m' }))
    const client = await world.run(world.connect('tcp:127.0.0.1:8000'))
    await world.advance('9m')
    client.write('x')
    await world.advance('9m')
    expect(client.closed).toBe(false)
    await world.advance('2m')
    expect(client.closed).toBe(true)
  })

  it('let a protocol set a timeout for itself', async () => {
    class Login extends TimeoutMixin(LineReceiver) {
      override connectionMade() {
        this.setTimeout('30s')
      }
      override lineReceived(line: Buffer) {
        this.setTimeout(undefined)
        this.sendLine(line)
      }
    }
    const world = new MemoryWorld({ seed: 1 })
    await world.listenTCP(8000, Factory.forProtocol(Login, { delimiter: '\n' }))
    const [one, two] = [
      await world.run(world.connect('tcp:127.0.0.1:8000')),
      await world.run(world.connect('tcp:127.0.0.1:8000')),
    ]
    two.write('hello\n')
    await world.advance('1h')
    expect([one.closed, two.closed, two.text()]).toEqual([true, false, 'hello\n'])
  })

  it('throttle what is written, for minutes in a moment', async () => {
    class Flood extends Protocol {
      override connectionMade() {
        this.transport.write(Buffer.alloc(370_000))
        this.transport.loseConnection()
      }
    }
    const world = new MemoryWorld({ seed: 1 })
    await world.listenTCP(8000, new ThrottlingFactory(Factory.forProtocol(Flood), { writeLimit: 1000 }))
    const client = await world.run(world.connect('tcp:127.0.0.1:8000'))
    await world.advance('6m')
    const sent = client.text().length
    expect(sent).toBeGreaterThan(359_000)
    expect(sent).toBeLessThanOrEqual(361_200)
    await world.advance('1m')
    expect([client.text().length, client.closed]).toEqual([370_000, true])
  })
})
