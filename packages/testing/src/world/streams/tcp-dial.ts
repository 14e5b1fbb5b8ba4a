/**
 * Connecting by simulated TCP: to each address of a host, until one answers; then, for TLS, the handshake.
 *
 * @module
 */
import { isIP } from 'node:net'
import type { Duration, IHostnameResolver, IHostPort, Seconds, TCPConnectOptions } from '@sennit/interfaces'
import { connectErrorFrom, DNSLookupError, internetAddress, sslErrorFrom } from '@sennit/protocol'
import { type DialOutcome, HappyEyeballs } from '@sennit/protocol/internal'
import { toSeconds } from '@sennit/runtime'
import { TCPEnds } from '../network/ends.ts'
import type { Machine } from '../network/machine.ts'
import type { Acceptor, Network } from '../network/network.ts'
import { checkAddress, checkHost, checkKeepAlive, checkPort } from '../option-checks.ts'
import { systemError } from '../system-error.ts'
import type { TLSSide } from '../tls/tls-side.ts'
import { Dial, type DialResult } from './dial.ts'
import type { ConnectorSurroundings } from './memory-connector.ts'
import type { MemoryTransport } from './memory-transport.ts'

/** Where to connect to by TCP, and how. */
export interface TCPTarget {
  readonly host: string
  readonly port: number
  readonly family: 4 | 6 | undefined
  readonly attemptDelay: Seconds
  /** The local address and port; `undefined` and 0 for any. */
  readonly local: readonly [address: string | undefined, port: number]
  /** Asked for when an attempt begins. */
  readonly names: { readonly nameResolver: IHostnameResolver }
}

/** @throws ReactorOptionError (`ERR_SENNIT_REACTOR_OPTION`), DurationError */
export function tcpTarget(
  host: string,
  port: number,
  { bindAddress, family, attemptDelay = '250ms', keepAlive }: TCPConnectOptions,
  names: TCPTarget['names'],
): TCPTarget {
  checkHost('connect', host)
  checkPort('connect', port)
  const [address, localPort] = typeof bindAddress === 'object' ? bindAddress : ([bindAddress, 0] as const)
  if (address !== undefined) checkAddress('connect', address, 'bindAddress')
  checkPort('connect', localPort, 'bindAddress')
  checkKeepAlive(keepAlive)
  return {
    host,
    port,
    family: family ?? (address === undefined ? undefined : (isIP(address) as 4 | 6)),
    attemptDelay: toSeconds(attemptDelay, 'attemptDelay'),
    local: [address, localPort],
    names,
  }
}

/** Begins an attempt. @returns what gives it up */
export function dialTCP(
  target: TCPTarget,
  surroundings: ConnectorSurroundings,
  result: DialResult,
): () => void {
  const { host, port, family, local } = target
  const failed = (error: Error) =>
    result.failed(error instanceof DNSLookupError ? error : connectErrorFrom(error))
  if (isIP(host) !== 0) {
    const outcome = { connected: (transport: MemoryTransport) => result.connected(transport), failed }
    return dialAddress(internetAddress('TCP', host, port), target, surroundings, outcome)
  }
  const attempt = new HappyEyeballs<MemoryTransport>(
    {
      name: host,
      clock: surroundings.clock,
      // A fixed local port serves one attempt at a time.
      attemptDelay: local[1] === 0 ? target.attemptDelay : Infinity,
      dial: (address, outcome) => dialAddress(address, target, surroundings, outcome),
    },
    {
      connected: (transport) => result.connected(transport),
      failed,
    },
  )
  attempt.begin(target.names.nameResolver, { port, family })
  return () => attempt.cancel()
}

/** The same, with a handshake; an attempt has succeeded when that has. */
export function dialTLS(
  begin: (result: DialResult) => () => void,
  side: () => TLSSide,
  timeout: Duration,
  { log, clock }: ConnectorSurroundings,
  result: DialResult,
): () => void {
  let cancel = begin({
    connected(transport) {
      let isOver = false
      const once = (call: () => void) => {
        if (isOver) return
        isOver = true
        call()
      }
      cancel = () => once(() => transport.closeNow(new Error('the attempt was given up')))
      transport.watch({ log, clock, onLost: (error) => once(() => result.failed(sslErrorFrom(error))) })
      transport.secure(side(), {
        timeout,
        failed: (error) => error,
        done: () => once(() => result.connected(transport)),
      })
    },
    failed: (error) => result.failed(error),
  })
  return () => cancel()
}

function dialAddress(
  { host, port }: IHostPort,
  { local: [address, localPort] }: TCPTarget,
  { network, machine }: ConnectorSurroundings,
  outcome: DialOutcome<MemoryTransport>,
): () => void {
  const place = network.find(host, machine)
  const from = address ?? machine.addressTowards(place.address)
  if (!machine.hasAddress(from)) {
    const error = systemError('EADDRNOTAVAIL', 'connect', from, localPort)
    const event = network.time.soon(() => outcome.failed(error))
    return () => {
      if (event.active()) event.cancel()
    }
  }
  const here = { address: from, port: localPort || machine.nextPort() }
  const there = { address: place.address, port }
  const dial = new Dial(
    {
      network,
      from: machine,
      to: place.machine,
      client: new TCPEnds(here, there),
      server: new TCPEnds(there, here),
      find: () => tcpAcceptor(network, place.machine, there.address, port),
      isOurs: true,
    },
    outcome,
  )
  return () => dial.cancel()
}

/** @throws what the system says when nobody listens there */
export function tcpAcceptor(network: Network, machine: Machine, address: string, port: number): Acceptor {
  const acceptor = network.tcp(machine).find(address, port)
  if (acceptor === undefined) throw systemError('ECONNREFUSED', 'connect', address, port)
  return acceptor
}
