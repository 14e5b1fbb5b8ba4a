/**
 * The chat server for `sennit run dist/main.js [--port 7000] [--key server.pem --tls-port 7001]`.
 *
 * @module
 */
import { quoteStringArgument, service } from '@sennit/endpoints'
import { Application } from '@sennit/service'
import { chat } from './chat.ts'

/** What the command line takes. */
export const options = {
  interface: { type: 'string', default: '127.0.0.1', description: 'the local address' },
  port: { type: 'string', default: '7000', description: 'the port for TCP' },
  'tls-port': { type: 'string', default: '7001', description: 'the port for TLS' },
  key: { type: 'string', description: 'a file with key and certificate (default: no TLS)' },
} as const

type Values = { readonly [name in 'interface' | 'port' | 'tls-port']: string } & { readonly key?: string }

export function application({ interface: host, port, 'tls-port': tlsPort, key }: Values): Application {
  const at = `interface=${quoteStringArgument(host)}`
  const places = [`tcp:${port}:${at}`]
  if (key !== undefined) places.push(`tls:${tlsPort}:${at}:privateKey=${quoteStringArgument(key)}`)
  return new Application('chat', {}, [
    service(places, chat(), { name: 'door', maxConnections: 1000, idleTimeout: '1h' }),
  ])
}
