/** Who certifies whom in the tests of TLS, and plain peers that speak it. */
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { connect, createServer, type ConnectionOptions, type TlsOptions, type TLSSocket } from 'node:tls'
import { authority } from '@sennit/testing'
import { type Cleanup, Client } from './kit.ts'

export const ca = authority('An authority')
export const stranger = authority('An authority that nobody trusts')
export const server = ca.issue('localhost', { names: ['localhost', '127.0.0.1', '::1'] })
export const client = ca.issue('a client', { names: [] })
export const trust = { ca: ca.cert }

/** What both versions of TLS are tried with. */
export const VERSIONS = ['TLSv1.2', 'TLSv1.3'] as const

/** Node's own client; it keeps what it gets. */
export class TLSClient extends Client {
  declare readonly socket: TLSSocket
  isSecure = false

  constructor(options: ConnectionOptions) {
    super(connect({ host: '127.0.0.1', ...trust, allowHalfOpen: true, ...options } as ConnectionOptions))
    this.socket.once('secureConnect', () => (this.isSecure = true))
  }
}

/** Node's own server. */
export async function nodeServer(
  cleanup: Cleanup,
  options: TlsOptions,
  onSocket: (socket: TLSSocket) => void = () => {},
): Promise<{ readonly number: number; readonly errors: Error[] }> {
  const errors: Error[] = []
  const sockets = new Set<{ destroy(): unknown }>()
  const listening = createServer({ ...server, allowHalfOpen: true, ...options }, (socket) => {
    socket.on('error', (error) => errors.push(error))
    onSocket(socket)
  })
  listening.on('connection', (socket) => sockets.add(socket))
  listening.on('tlsClientError', (error) => errors.push(error))
  listening.listen(0, '127.0.0.1')
  await once(listening, 'listening')
  cleanup.add(() => {
    listening.close()
    for (const socket of sockets) socket.destroy()
  })
  return { number: (listening.address() as AddressInfo).port, errors }
}
