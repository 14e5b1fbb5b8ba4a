/**
 * The relay for `sennit run main.js [--carbon HOST:PORT] [--interval 10s] …`.
 *
 * @module
 */
import type { Duration } from '@sennit/interfaces'
import type { Application } from '@sennit/service'
import { relay } from './relay.ts'

/** What the command line takes. */
export const options = {
  carbon: { type: 'string', description: 'HOST:PORT of the carbon server (default: an embedded one)' },
  interface: { type: 'string', default: '127.0.0.1', description: 'the local address of the inputs' },
  interval: { type: 'string', default: '10s', description: 'the time between two flushes' },
  'udp-port': { type: 'string', default: '8125', description: 'where StatsD datagrams come in' },
  'tcp-port': { type: 'string', default: '8126', description: 'where StatsD lines come in' },
  'status-port': { type: 'string', default: '8127', description: 'where the status page is' },
} as const

type Values = { readonly [name in Exclude<keyof typeof options, 'carbon'>]: string } & {
  readonly carbon?: string
}

export function application(values: Values): Application {
  return relay({
    carbon: values.carbon,
    interface: values.interface,
    flushInterval: values.interval as Duration,
    udpPort: Number(values['udp-port']),
    tcpPort: Number(values['tcp-port']),
    statusPort: Number(values['status-port']),
  }).application
}
