/**
 * Clients that do round trips with a server: `node echo-clients.ts SIDE PORT CONNECTIONS WARMUP OPERATIONS`, 64 bytes each.
 *
 * @module
 */
import { connect } from 'node:net'
import { ClientService } from '@sennit/client'
import { clientFromString } from '@sennit/endpoints'
import { Factory, Protocol } from '@sennit/protocol'
import { type Burst, cpu, measure } from './measure.ts'

const message = Buffer.alloc(64, 'x')

/** Counts the round trips of all connections. */
class Rounds {
  #begun = 0
  #finished = 0
  #wanted = 0
  #done = (): void => {}
  readonly #senders: (() => void)[] = []

  join(send: () => void): void {
    this.#senders.push(send)
  }

  /** Does so many, one in flight on each connection. */
  run(count: number): Promise<void> {
    this.#begun = this.#finished = 0
    this.#wanted = count
    const promise = new Promise<void>((resolve) => (this.#done = resolve))
    for (const send of this.#senders) this.#begin(send)
    return promise
  }

  /** An answer has come. */
  readonly answered = (send: () => void): void => {
    if (++this.#finished === this.#wanted) this.#done()
    else this.#begin(send)
  }

  #begin(send: () => void): void {
    if (this.#begun === this.#wanted) return
    this.#begun++
    send()
  }
}

const rounds = new Rounds()

/** An echo that comes in pieces counts when it is whole. */
class PingPong extends Protocol {
  #missing = 0
  readonly #send = (): void => {
    this.#missing += message.length
    this.transport!.write(message)
  }

  override connectionMade(): void {
    rounds.join(this.#send)
  }

  override dataReceived(data: Uint8Array): void {
    this.#missing -= data.length
    if (this.#missing === 0) rounds.answered(this.#send)
  }
}

async function trips(warmUp: number, operations: number): Promise<Burst> {
  await rounds.run(warmUp)
  return async () => {
    const start = cpu()
    await rounds.run(operations)
    return { cpu: ((cpu() - start) / operations) * 1e6 }
  }
}

type Numbers = readonly [port: number, connections: number, warmUp: number, operations: number]

async function byNode(onread: boolean, [port, connections, warmUp, operations]: Numbers) {
  const connected = Array.from({ length: connections }, () => {
    let missing = 0
    const send = (): void => {
      missing += message.length
      socket.write(message)
    }
    const received = (length: number): void => {
      missing -= length
      if (missing === 0) rounds.answered(send)
    }
    const reused = {
      buffer: Buffer.alloc(65_536),
      callback: (length: number) => {
        received(length)
        return true
      },
    }
    const socket = connect({
      host: '127.0.0.1',
      port,
      noDelay: true,
      ...(onread ? { onread: reused } : {}),
    })
    if (!onread) socket.on('data', (data) => received(data.length))
    return new Promise<void>((resolve) => {
      socket.once('connect', () => {
        rounds.join(send)
        resolve()
      })
    })
  })
  await Promise.all(connected)
  return trips(warmUp, operations)
}

await measure({
  'node:net': (...numbers) => byNode(false, numbers as unknown as Numbers),
  'node:net onread': (...numbers) => byNode(true, numbers as unknown as Numbers),
  ClientService: async (port = 0, connections = 0, warmUp = 0, operations = 0) => {
    const factory = Factory.forProtocol(PingPong)
    await Promise.all(
      Array.from({ length: connections }, async () => {
        const client = new ClientService(clientFromString(`tcp:127.0.0.1:${port}`), factory)
        await client.startService()
        await client.whenConnected()
      }),
    )
    return trips(warmUp, operations)
  },
  endpoint: async (port = 0, connections = 0, warmUp = 0, operations = 0) => {
    const factory = Factory.forProtocol(PingPong)
    const endpoint = clientFromString(`tcp:127.0.0.1:${port}`)
    await Promise.all(Array.from({ length: connections }, () => endpoint.connect(factory)))
    return trips(warmUp, operations)
  },
})
