/**
 * Servers under load: processor time for each operation of their clients.
 *
 * @module
 */
import type { Bar, Comparison, Figures, Quantity, Running, Scale, Side } from '../comparison.ts'
import { epoll } from '../measuring/epoll.ts'
import { node } from '../measuring/program.ts'
import { type Load, LoadedServer } from '../measuring/server-cpu.ts'
import { twisted } from '../measuring/twisted.ts'

/** How much smaller the load is. */
const PARTS = { full: 1, quick: 4, smoke: 100 }

/** Milliseconds: the packages turn keep-alive on when a connection is a second old. */
const AGE = { full: 1200, quick: 1200, smoke: 0 }

/** How often the sides take turns in a round: for some milliseconds of work each, and where memory comes and goes, long enough for all of it. */
const [BURSTS, MANY_BURSTS] = [6, 30]

const ROUND_TRIP: Quantity = { title: 'CPU per round trip', unit: 'µs', better: 'lower' }

/** A load whose numbers are those of the full scale. */
interface Kind extends Omit<Load, 'command' | 'age'> {
  readonly load: 'rr' | 'tput' | 'cc' | 'udp' | 'tls'
}

interface Entry {
  readonly role: Side['role']
  readonly name: string
  /** The command of the server, made when it is needed, since a peer may not be there. */
  readonly server: () => readonly string[]
}

function ours(name: string, as: string): Entry {
  return { role: 'ours', name, server: () => node('sennit-servers.ts', as) }
}

function plain(name: string, as: string): Entry {
  return { role: 'reference', name, server: () => node('node-servers.ts', as) }
}

function original(as: string): Entry {
  return { role: 'peer', name: 'Twisted', server: () => twisted('servers.py', as) }
}

function limit(as: 'serve' | 'serve-udp'): Entry {
  return { role: 'limit', name: 'C, epoll', server: () => [epoll(), as] }
}

function sides(kind: Kind, entries: readonly Entry[], convert = (figures: Figures) => figures): Side[] {
  const start = async (server: readonly string[], scale: Scale): Promise<Running> => {
    const { load, connections, bytes } = kind
    const scaled = (count: number) => Math.ceil(count / PARTS[scale] / connections) * connections
    const command = load === 'tls' ? node('tls-load.ts', 'tls') : [epoll(), load]
    const [warmUp, operations] = [scaled(kind.warmUp), scaled(kind.operations)]
    const age = load === 'cc' || load === 'udp' ? 0 : AGE[scale]
    const loaded = await LoadedServer.start(server, { command, connections, bytes, warmUp, operations, age })
    return {
      burst: async () => convert(await loaded.burst()),
      [Symbol.asyncDispose]: () => loaded[Symbol.asyncDispose](),
    }
  }
  return entries.map(({ role, name, server }) => ({
    role,
    name,
    start: async (scale) => start(server(), scale),
  }))
}

function bars(limits: Readonly<Record<string, number>>, reached?: number): Bar[] {
  return Object.entries(limits).map(([side, limit]) => ({ side, quantity: 'cpu', limit, reached }))
}

function echo(connections: number): Comparison {
  const kind: Kind = { load: 'rr', connections, bytes: 64, warmUp: 20_000, operations: 2500 }
  return {
    name: `tcp-echo-${connections}`,
    title: `TCP echo, 64 bytes, ${connections} connections`,
    quantities: { cpu: ROUND_TRIP },
    sides: sides(kind, [
      plain('node:net', 'data'),
      ours('TCPServer', 'tcp'),
      ours('endpoint service', 'endpoint'),
      original('tcp'),
      limit('serve'),
    ]),
    bursts: BURSTS,
    bars: bars({ TCPServer: 1.05, 'endpoint service': 1.05 }),
  }
}

function stream(connections: number): Comparison {
  const kind: Kind = { load: 'tput', connections, bytes: 65_536, warmUp: 1600, operations: 320 }
  const perMebibyte = ({ cpu = 0, rate = 0 }: Figures) => ({ cpu: cpu * 16, rate: rate / 16 })
  return {
    name: `tcp-stream-${connections}`,
    title: `TCP stream, 64 KiB at a time, ${connections === 1 ? 'one connection' : `${connections} connections`}`,
    quantities: { cpu: { title: 'CPU per MiB', unit: 'µs', better: 'lower' } },
    sides: sides(
      kind,
      [
        plain('node:net pipe', 'pipe'),
        ours('TCPServer', 'tcp'),
        ours('endpoint service', 'endpoint'),
        original('tcp'),
        limit('serve'),
      ],
      perMebibyte,
    ),
    bursts: MANY_BURSTS,
    bars: bars({ TCPServer: 1.05, 'endpoint service': 1.05 }, 1.1),
  }
}

const connections: Comparison = {
  name: 'tcp-connect',
  title: 'TCP, connect and close',
  quantities: { cpu: { title: 'CPU per connection', unit: 'µs', better: 'lower' } },
  sides: sides({ load: 'cc', connections: 16, bytes: 0, warmUp: 25_000, operations: 500 }, [
    plain('node:net', 'data'),
    ours('TCPServer', 'tcp'),
    ours('endpoint service', 'endpoint'),
    original('tcp'),
    limit('serve'),
  ]),
  bursts: MANY_BURSTS,
  bars: bars({ TCPServer: 1.05, 'endpoint service': 1.05 }),
}

const tls: Comparison = {
  name: 'tls-echo',
  title: 'TLS echo, 64 bytes, 50 connections',
  quantities: { cpu: ROUND_TRIP },
  sides: sides({ load: 'tls', connections: 50, bytes: 64, warmUp: 25_000, operations: 1500 }, [
    plain('node:tls', 'tls'),
    ours('SSLServer', 'ssl'),
    original('ssl'),
  ]),
  bursts: BURSTS,
  bars: bars({ SSLServer: 1.08 }),
}

const udp: Comparison = {
  name: 'udp-echo',
  title: 'UDP echo, 64 bytes, 32 in flight',
  quantities: { cpu: { title: 'CPU per datagram', unit: 'µs', better: 'lower' } },
  sides: sides({ load: 'udp', connections: 32, bytes: 64, warmUp: 20_000, operations: 2500 }, [
    plain('node:dgram', 'dgram'),
    ours('UDPServer', 'udp'),
    original('udp'),
    limit('serve-udp'),
  ]),
  bursts: BURSTS,
  bars: bars({ UDPServer: 1 }),
}

const lines: Comparison = {
  name: 'lines',
  title: 'Lines answered by an asynchronous loop, 64 bytes, 50 connections',
  quantities: { cpu: { title: 'CPU per line', unit: 'µs', better: 'lower' } },
  sides: sides({ load: 'rr', connections: 50, bytes: 64, warmUp: 15_000, operations: 2000 }, [
    plain('node:readline over node:net', 'readline'),
    ours('handler with lines()', 'lines'),
  ]),
  bursts: BURSTS,
  bars: bars({ 'handler with lines()': 1 }, 1.03),
}

export const servers: readonly Comparison[] = [
  echo(50),
  echo(500),
  stream(1),
  stream(10),
  connections,
  tls,
  udp,
  lines,
]
