/**
 * Clients whose server dies and comes back: `node reconnecting-clients.ts SIDE N DEAD`, with the echo server of `epoll.c`, which it starts and kills
 * itself: `EPOLL` is its path, `DEAD` how many seconds it is gone.
 *
 * All wait `min(1.5 ** failures, 60)` seconds and up to one more, as Twisted's clients do.
 *
 * @module
 */
import { connect, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { backoffPolicy } from '@sennit/backoff'
import { ClientService } from '@sennit/client'
import { clientFromString } from '@sennit/endpoints'
import { Factory, Protocol } from '@sennit/protocol'
import { LineProcess } from '../measuring/line-process.ts'
import { pinned } from '../measuring/pinned.ts'
import { cpu, heap, measure } from './measure.ts'

let connected = 0
let attempts = 0

/** Starts one that keeps a connection to the port. */
type Keep = (port: number) => unknown

/** A loop as one would write it by hand. */
const byHand: Keep = (port) => {
  let failures = 0
  let socket: Socket
  const attempt = (): void => {
    attempts++
    let isConnected = false
    socket = connect({
      host: '127.0.0.1',
      port,
      noDelay: true,
      keepAlive: true,
      keepAliveInitialDelay: 10_000,
    })
    socket.on('connect', () => {
      isConnected = true
      failures = 0
      connected++
    })
    socket.on('data', () => {})
    socket.on('error', () => {})
    socket.on('close', () => {
      if (isConnected) connected--
      failures++
      setTimeout(attempt, (Math.min(1.5 ** failures, 60) + Math.random()) * 1000)
    })
  }
  attempt()
  return () => socket
}

class Kept extends Protocol {
  override connectionMade(): void {
    connected++
  }
  override connectionLost(): void {
    connected--
  }
}

const factory = Factory.forProtocol(Kept)
const policy = backoffPolicy()

function counted(failures: number, random?: () => number): number {
  attempts++
  return policy(failures, random)
}

let endpoint: ReturnType<typeof clientFromString> | undefined

/** All of them connect to one endpoint. */
const byClientService: Keep = (port) => {
  attempts++
  endpoint ??= clientFromString(`tcp:127.0.0.1:${port}`)
  const client = new ClientService(endpoint, factory, { retryPolicy: counted })
  void client.startService()
  return client
}

async function until(condition: () => boolean): Promise<void> {
  for (let waited = 0; !condition(); waited++) {
    if (waited > 6000) throw new Error(`${connected} are connected after a minute`)
    await sleep(10)
  }
}

async function keeping(keep: Keep, n: number, dead: number) {
  const serve = pinned(1, [process.env['EPOLL'] ?? 'epoll', 'serve'])
  const kept: unknown[] = []
  const before = await heap()
  let [port, bytes, first, start] = [0, 0, 0, 0]
  {
    await using server = new LineProcess(serve)
    port = (JSON.parse(await server.line()) as { readonly port: number }).port
    // A few at a time, so that nobody waits for the system's queue.
    for (let i = 0; i < n; i++) {
      kept.push(keep(port))
      if (i % 100 === 99) await until(() => connected > i - 50)
    }
    await until(() => connected === n)
    bytes = ((await heap()) - before) / n
    first = attempts
    start = cpu()
  }
  await until(() => connected === 0)
  await sleep(dead * 1000)
  await using again = new LineProcess([...serve, String(port)])
  await again.line()
  await until(() => connected === n)
  const used = cpu() - start
  return { cpu: (used / (attempts - first)) * 1e6, heap: bytes, attempts: (attempts - first) / n }
}

/** Connects so many, and says what each cost. */
async function connecting(keep: Keep, n: number) {
  await using server = new LineProcess(pinned(1, [process.env['EPOLL'] ?? 'epoll', 'serve']))
  const { port } = JSON.parse(await server.line()) as { readonly port: number }
  const kept: unknown[] = []
  const connect = async (count: number): Promise<void> => {
    const before = connected
    for (let i = 0; i < count; i++) {
      kept.push(keep(port))
      if (i % 100 === 99) await until(() => connected - before > i - 50)
    }
    await until(() => connected - before === count)
  }
  await connect(500)
  const start = cpu()
  await connect(n)
  return { cpu: ((cpu() - start) / n) * 1e6 }
}

await measure({
  connect:
    (n = 0) =>
    () =>
      connecting(byClientService, n),
  hand:
    (n = 0, dead = 0) =>
    () =>
      keeping(byHand, n, dead),
  ClientService:
    (n = 0, dead = 0) =>
    () =>
      keeping(byClientService, n, dead),
})
