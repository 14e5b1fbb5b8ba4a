/**
 * What a descriptor is, before it is used.
 *
 * Node takes any number: it would close its own descriptors with a port, and make a socket that was never bound listen on all
 * addresses. The system knows better; Linux says it in `/proc`, for each network namespace. A descriptor may come from that of
 * the process that has passed it, or of the service manager. Where nothing says it, the descriptor has to be a socket at least.
 *
 * @module
 */
import type { SocketFamily } from '@sennit/interfaces'
import { ReactorOptionError, UnsupportedAddressFamily, UnsupportedSocketType } from '@sennit/protocol'

/** What the system says about a socket. */
export interface SocketFacts {
  readonly family: SocketFamily
  readonly type: 'stream' | 'datagram' | 'other'
  readonly state: 'listening' | 'connected' | 'other'
  /** The path at which a UNIX socket was bound; empty when it was not. */
  readonly path: string
}

const FAMILIES: readonly unknown[] = ['INET', 'INET6', 'UNIX']

/**
 * Looks at a descriptor that is to be adopted.
 *
 * @returns nothing where the system does not say
 * @throws ReactorOptionError (`ERR_SENNIT_REACTOR_OPTION`) when it is no open socket, or one that is not bound
 * @throws UnsupportedAddressFamily (`ERR_SENNIT_ADDRESS_FAMILY`) when the family is none, or not the socket's
 * @throws UnsupportedSocketType (`ERR_SENNIT_SOCKET_TYPE`) when it is of another type
 */
export function checkedSocket(
  fd: number,
  family: SocketFamily,
  type: 'stream' | 'datagram',
): SocketFacts | undefined {
  if (!FAMILIES.includes(family)) throw new UnsupportedAddressFamily(family)
  const inode = inodeOf(fd)
  if (process.platform !== 'linux') return undefined
  const facts = factsOf(inode)
  if (facts === undefined) throw new ReactorOptionError('adopt', 'fd', 'a socket that is bound', fd)
  if (facts.family !== family) throw new UnsupportedAddressFamily(`${facts.family} (not ${family})`)
  if (facts.type !== type) throw new UnsupportedSocketType(`${facts.type} (not ${type})`)
  return facts
}

/** The number by which the system knows a socket. */
function inodeOf(fd: unknown): number {
  if (typeof fd === 'number' && Number.isInteger(fd) && fd >= 0) {
    try {
      const stats = process.getBuiltinModule('node:fs').fstatSync(fd)
      if (stats.isSocket()) return stats.ino
    } catch {
      // It is not open.
    }
  }
  throw new ReactorOptionError('adopt', 'fd', 'the descriptor of an open socket', fd)
}

type Read = (fields: readonly string[], line: string) => SocketFacts

const TABLES: readonly (readonly [name: string, inodeAt: number, read: Read])[] = [
  ['tcp', 9, ([, , , state]) => internet('INET', 'stream', state)],
  ['tcp6', 9, ([, , , state]) => internet('INET6', 'stream', state)],
  ['unix', 6, unix],
  ['udp', 9, ([, , , state]) => internet('INET', 'datagram', state)],
  ['udp6', 9, ([, , , state]) => internet('INET6', 'datagram', state)],
]

/** What the tables of the namespaces say that a descriptor can come from. */
function factsOf(inode: number): SocketFacts | undefined {
  const { readFileSync } = process.getBuiltinModule('node:fs')
  for (const pid of ['self', process.ppid, 1]) {
    for (const [name, inodeAt, read] of TABLES) {
      let text: string
      try {
        text = readFileSync(`/proc/${pid}/net/${name}`, 'utf8')
      } catch {
        continue
      }
      for (const line of text.split('\n')) {
        const fields = line.trim().split(/\s+/)
        if (fields[inodeAt] === String(inode)) return read(fields, line)
      }
    }
  }
  return undefined
}

function internet(family: SocketFamily, type: 'stream' | 'datagram', state: string | undefined): SocketFacts {
  const states: Record<string, 'listening' | 'connected'> = { '0A': 'listening', '01': 'connected' }
  return { family, type, state: states[state ?? ''] ?? 'other', path: '' }
}

function unix([, , , flags, kind, state]: readonly string[], line: string): SocketFacts {
  const types: Record<string, 'stream' | 'datagram'> = { '0001': 'stream', '0002': 'datagram' }
  const isListening = (parseInt(flags ?? '', 16) & 0x10000) !== 0
  return {
    family: 'UNIX',
    type: types[kind ?? ''] ?? 'other',
    state: isListening ? 'listening' : state === '03' ? 'connected' : 'other',
    // The path is all that stands behind the number, spaces included.
    path: /^\S+ \S+ \S+ \S+ \S+ \S+ +\d+ (.*)$/.exec(line)?.[1] ?? '',
  }
}
