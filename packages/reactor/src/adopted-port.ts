/**
 * Ports whose sockets somebody else has opened.
 *
 * Source: Twisted, `twisted/internet/posixbase.py`, `adoptStreamPort`; `twisted/internet/tcp.py`, `Port._fromListeningDescriptor`.
 * Differs: the descriptor is the reactor's from then on, as Node cannot duplicate one; what it is, is checked.
 *
 * @module
 */
import type { ConnectionHandler, SocketFamily, StreamListenOptions } from '@sennit/interfaces'
import { CannotListenError, type InternetAddress, UNIXAddress } from '@sennit/protocol'
import { listening, openStreamPort } from './open-stream-port.ts'
import type { PortSurroundings } from './port-surroundings.ts'
import { serveConnections } from './serve-connections.ts'
import { checkedSocket } from './socket-facts.ts'
import type { StreamPort } from './stream-port.ts'
import { addressOf, tcpAccepting } from './tcp-port.ts'
import { UNIXConnections } from './unix-transport.ts'

/** Serves a socket that listens already. The file of a UNIX socket is left alone. */
export async function adoptStreamPort(
  fd: number,
  family: SocketFamily,
  handler: ConnectionHandler,
  options: StreamListenOptions,
  surroundings: PortSurroundings,
): Promise<StreamPort<InternetAddress | UNIXAddress>> {
  const facts = checkedSocket(fd, family, 'stream')
  if (facts !== undefined && facts.state !== 'listening') throw cannotAdopt(fd, notListening())
  const { accepting, connections } = tcpAccepting(handler, options)
  let host: InternetAddress | UNIXAddress
  return openStreamPort(
    {
      kind: family === 'UNIX' ? 'UNIXPort' : 'TCPPort',
      ...(family === 'UNIX' ? {} : { accepting }),
      async listen(server, { backlog }) {
        try {
          await listening(server, { fd, backlog })
        } catch (error) {
          throw cannotAdopt(fd, error)
        }
        // Node does not ask for the path of a socket that it has not bound.
        host = family === 'UNIX' ? new UNIXAddress(facts?.path ?? '') : addressOf(server)
        return { host }
      },
      serving(serving) {
        const kind = host instanceof UNIXAddress ? new UNIXConnections(host) : connections
        return serveConnections(handler, kind, serving)
      },
    },
    handler,
    options,
    surroundings,
  )
}

function cannotAdopt(fd: number, cause: unknown): CannotListenError {
  return new CannotListenError('', `the descriptor ${fd}`, cause)
}

/** What the system says when it is asked to accept from a socket that does not listen. */
function notListening(): Error {
  return Object.assign(new Error('it is a socket that does not listen'), {
    code: 'EINVAL',
    syscall: 'listen',
  })
}
