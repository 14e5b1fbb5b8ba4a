/**
 * A socket that begins to connect by TCP.
 *
 * @module
 */
import { connect, type NetConnectOpts, type Socket } from 'node:net'
import type { DuplexOptions } from 'node:stream'
import type { IHostPort } from '@sennit/interfaces'
import { HIGH_WATER_MARK } from './producer-slot.ts'
import { reusedBuffer } from './reused-buffer.ts'

/** How to connect. */
export interface TCPSocketOptions {
  readonly port: number
  readonly localAddress: string | undefined
  /** 0 for any. */
  readonly localPort: number
  /** In milliseconds; none without. */
  readonly keepAliveDelay: number | undefined
  /** Whether the socket is only listened to, and not used as a stream. */
  readonly isListenedTo?: boolean
}

/**
 * Begins to connect to an address.
 *
 * @param connected - called once; no listener is left then
 * @param failed - may be called again later, when nobody is interested any more: an error shall not end the process
 */
export function dialTCP(
  address: IHostPort,
  { port, localAddress, localPort, keepAliveDelay, isListenedTo = false }: TCPSocketOptions,
  connected: (socket: Socket) => void,
  failed: (error: Error) => void,
): Socket {
  const options: NetConnectOpts & DuplexOptions = {
    host: literalOf(address),
    port,
    noDelay: true,
    keepAlive: keepAliveDelay !== undefined,
    keepAliveInitialDelay: keepAliveDelay ?? 0,
    allowHalfOpen: true,
    autoSelectFamily: false,
    highWaterMark: HIGH_WATER_MARK,
    localAddress,
    localPort,
    onread: isListenedTo ? reusedBuffer : undefined,
  }
  const socket = connect(options)
  socket.on('error', failed)
  socket.once('connect', () => {
    socket.off('error', failed)
    connected(socket)
  })
  return socket
}

/** The literal of an address, with its scope. */
export function literalOf({ host, scopeId = 0 }: IHostPort & { readonly scopeId?: string | number }): string {
  return scopeId === 0 ? host : `${host}%${scopeId}`
}
