/**
 * UDP sockets that somebody else has bound.
 *
 * Source: Twisted, `twisted/internet/posixbase.py`, `adoptDatagramPort`; `twisted/internet/udp.py`, `Port._fromListeningDescriptor`.
 * Differs: the descriptor is the reactor's from then on, as Node cannot duplicate one; what it is, is checked.
 *
 * @module
 */
import type { IDatagramProtocol, SocketFamily, UDPListenOptions } from '@sennit/interfaces'
import { CannotListenError, UnsupportedAddressFamily } from '@sennit/protocol'
import { begun, MAX_PACKET_SIZE } from './datagram-port.ts'
import { openDatagramSocket } from './datagram-socket.ts'
import { checkedCount } from './option-checks.ts'
import type { PortSurroundings } from './port-surroundings.ts'
import { checkedSocket } from './socket-facts.ts'
import { UDPPort } from './udp-port.ts'

/** Receives the datagrams of a socket that is bound. */
export async function adoptUDPPort(
  fd: number,
  family: SocketFamily,
  protocol: IDatagramProtocol,
  options: Omit<UDPListenOptions, 'interface'>,
  surroundings: PortSurroundings,
): Promise<UDPPort> {
  const { maxPacketSize = MAX_PACKET_SIZE } = options
  checkedCount('listen', maxPacketSize, 'maxPacketSize', 1)
  // There is nothing in Node that could use it.
  if (family === 'UNIX') throw new UnsupportedAddressFamily(family)
  checkedSocket(fd, family, 'datagram')
  const socket = await openDatagramSocket({
    ...options,
    family: family === 'INET' ? 4 : 6,
    where: { fd },
    failed: (cause) => new CannotListenError('', `the descriptor ${fd}`, cause),
  })
  return begun(new UDPPort(socket, { kind: 'UDPPort', protocol, maxPacketSize, surroundings }), options)
}
