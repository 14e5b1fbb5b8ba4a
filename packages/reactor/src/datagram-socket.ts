/**
 * A UDP socket that is bound.
 *
 * @module
 */
import type { BindOptions, Socket, SocketOptions } from 'node:dgram'
import type { ListenOptions } from '@sennit/interfaces'

/** What a socket is made of. */
export interface DatagramSocketOptions extends Pick<ListenOptions, 'signal' | 'unref'> {
  readonly family: 4 | 6
  /** Where it is bound, or the descriptor of one that is. */
  readonly where: BindOptions
  /** Lets others have the same address. */
  readonly isShared?: boolean
  /** The error for what Node says when it cannot be bound. */
  readonly failed: (cause: unknown) => Error
}

/** Hosts are IP literals here, so that no datagram waits for a name. */
const lookup: SocketOptions['lookup'] = (host, _options, callback) =>
  callback(null, host, host.includes(':') ? 6 : 4)

/** Makes a socket, and binds it. */
export async function openDatagramSocket(options: DatagramSocketOptions): Promise<Socket> {
  const { family, where, isShared = false, failed, signal, unref } = options
  signal?.throwIfAborted()
  const { createSocket } = process.getBuiltinModule('node:dgram')
  const socket = createSocket({
    type: `udp${family}`,
    ipv6Only: family === 6,
    // Where it is set, another program can bind the port and get all that comes: only who shares asks for it.
    reuseAddr: isShared,
    lookup,
  })
  try {
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject)
      socket.bind(where, () => {
        socket.off('error', reject)
        resolve()
      })
    })
  } catch (error) {
    socket.close()
    throw failed(error)
  }
  if (signal?.aborted) {
    socket.close()
    signal.throwIfAborted()
  }
  if (unref) socket.unref()
  return socket
}
