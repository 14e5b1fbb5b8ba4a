/**
 * Clients: processor time for each round trip, and for each attempt to come back.
 *
 * @module
 */
import { type Comparison, firstBurst, type Scale, type Side } from '../comparison.ts'
import { epoll } from '../measuring/epoll.ts'
import { LineProcess } from '../measuring/line-process.ts'
import { pinned } from '../measuring/pinned.ts'
import { figures, node, RunningProgram } from '../measuring/program.ts'
import { twisted } from '../measuring/twisted.ts'

const CONNECTIONS = 50
const WARM_UP = { full: 50_000, quick: 5000, smoke: 200 }
const OPERATIONS = { full: 2500, quick: 1000, smoke: 200 }

/** Round trips with an echo server that costs the other processor next to nothing. */
function roundTrips(role: Side['role'], name: string, as = name): Side {
  return {
    name,
    role,
    start: async (scale: Scale) => {
      await using starting = new AsyncDisposableStack()
      const server = starting.use(new LineProcess(pinned(1, [epoll(), 'serve'])))
      const { port } = JSON.parse(await server.line()) as { readonly port: number }
      const command = node('echo-clients.ts', as, port, CONNECTIONS, WARM_UP[scale], OPERATIONS[scale])
      const { burst } = starting.use(await RunningProgram.start(command, 0))
      const both = starting.move()
      return { burst, [Symbol.asyncDispose]: () => both.disposeAsync() }
    },
  }
}

const echo: Comparison = {
  name: 'client-echo',
  title: 'Round trips by a client, 64 bytes, 50 connections',
  quantities: { cpu: { title: 'CPU per round trip', unit: 'µs', better: 'lower' } },
  sides: [
    roundTrips('reference', 'node:net'),
    roundTrips('ours', 'ClientService'),
    roundTrips('ours', "an endpoint's connect", 'endpoint'),
    roundTrips('peer', 'node:net with onread', 'node:net onread'),
  ],
  bars: [
    { side: 'ClientService', quantity: 'cpu', limit: 1.05 },
    { side: "an endpoint's connect", quantity: 'cpu', limit: 1.05 },
  ],
  bursts: 6,
}

const COUNT = { full: 5000, quick: 500, smoke: 20 }
const DEAD = { full: 3, quick: 1, smoke: 0.1 }

function withServer(command: readonly string[]): readonly string[] {
  return ['env', `EPOLL=${epoll()}`, ...command]
}

function comingBack(role: Side['role'], name: string, as: string): Side {
  const start = (scale: Scale) =>
    RunningProgram.start(withServer(node('reconnecting-clients.ts', as, COUNT[scale], DEAD[scale])))
  return { name, role, start }
}

const original: Side = {
  name: 'Twisted',
  role: 'peer',
  start: async (scale: Scale) => {
    const command = withServer(twisted('figures.py', 'reconnect', COUNT[scale], DEAD[scale]))
    return firstBurst(() => figures(command))
  },
}

const reconnect: Comparison = {
  name: 'reconnect',
  title: '5,000 clients whose server is gone for 3 s',
  quantities: {
    cpu: { title: 'CPU per attempt', unit: 'µs', better: 'lower' },
    heap: { title: 'heap per client', unit: 'B', better: 'lower' },
    attempts: { title: 'attempts per client', unit: '', better: 'lower' },
  },
  sides: [
    comingBack('reference', 'hand-written loop', 'hand'),
    comingBack('ours', 'ClientService', 'ClientService'),
    original,
  ],
  bars: [
    { side: 'ClientService', quantity: 'cpu', limit: 1.15, reached: 1.4 },
    { side: 'ClientService', quantity: 'heap', limit: 2 },
  ],
  together: 2,
}

export const clients: readonly Comparison[] = [echo, reconnect]
