/**
 * Clients: processor time for each round trip, and for each attempt to come back.
 *
 * @module
 */
import type { Comparison, Scale, Side } from '../comparison.ts'
import { epoll } from '../measuring/epoll.ts'
import { LineProcess } from '../measuring/line-process.ts'
import { pinned } from '../measuring/pinned.ts'
import { figures, node } from '../measuring/program.ts'
import { twisted } from '../measuring/twisted.ts'

const CONNECTIONS = 50
const OPERATIONS = { full: 40_000, quick: 10_000, smoke: 200 }

/** Round trips with an echo server that costs the other processor next to nothing. */
function roundTrips(role: Side['role'], name: string, as = name): Side {
  return {
    name,
    role,
    measure: async (scale: Scale) => {
      await using server = new LineProcess(pinned(1, [epoll(), 'serve']))
      const { port } = JSON.parse(await server.line()) as { readonly port: number }
      const operations = OPERATIONS[scale]
      return await figures(node('echo-clients.ts', as, port, CONNECTIONS, operations / 2, operations))
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
}

const COUNT = { full: 5000, quick: 500, smoke: 20 }
const DEAD = { full: 3, quick: 1, smoke: 0.1 }

function comingBack(
  role: Side['role'],
  name: string,
  command: (...args: readonly (string | number)[]) => readonly string[],
): Side {
  const measure = async (scale: Scale) =>
    figures(['env', `EPOLL=${epoll()}`, ...command(COUNT[scale], DEAD[scale])], true)
  return { name, role, measure }
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
    comingBack('reference', 'hand-written loop', (...args) =>
      node('reconnecting-clients.ts', 'hand', ...args),
    ),
    comingBack('ours', 'ClientService', (...args) =>
      node('reconnecting-clients.ts', 'ClientService', ...args),
    ),
    comingBack('peer', 'Twisted', (...args) => twisted('figures.py', 'reconnect', ...args)),
  ],
  bars: [
    { side: 'ClientService', quantity: 'cpu', limit: 1.15 },
    { side: 'ClientService', quantity: 'heap', limit: 2 },
  ],
  together: 1,
}

export const clients: readonly Comparison[] = [echo, reconnect]
