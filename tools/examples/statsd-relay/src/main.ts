#!/usr/bin/env node
/**
 * The relay as a program: `node main.js [--carbon HOST:PORT] [--interval 10s] …`.
 *
 * @module
 */
import { parseArgs } from 'node:util'
import type { Duration } from '@sennit/interfaces'
import { run } from '@sennit/run'
import { relay } from './relay.ts'

const { values } = parseArgs({
  options: {
    carbon: { type: 'string' },
    interface: { type: 'string' },
    interval: { type: 'string', default: '10s' },
    'udp-port': { type: 'string', default: '8125' },
    'tcp-port': { type: 'string', default: '8126' },
    'http-port': { type: 'string', default: '8127' },
  },
})

const { application } = relay({
  carbon: values.carbon,
  interface: values.interface,
  flushInterval: values.interval as Duration,
  udpPort: Number(values['udp-port']),
  tcpPort: Number(values['tcp-port']),
  httpPort: Number(values['http-port']),
  print: (line) => process.stdout.write(`${new Date().toISOString().slice(11, 19)} ${line}\n`),
})

await run(application)
