/**
 * Connecting by TCP.
 *
 * Source: Twisted, `twisted/internet/tcp.py`, `Connector`.
 * Differs: the time allowed includes finding the addresses of a name; every address is tried.
 *
 * @module
 */
import { isIP } from 'node:net'
import type { IClientFactory, Seconds, TCPConnectOptions } from '@sennit/interfaces'
import { type InternetAddress, internetAddress, ServiceNameUnknownError } from '@sennit/protocol'
import { toSeconds } from '@sennit/runtime'
import { keepAliveDelay } from './keep-alive.ts'
import { checkedAddress, checkedHost, checkedPort } from './option-checks.ts'
import {
  type Attempt,
  type AttemptOutcome,
  type ConnectorSurroundings,
  type Dialling,
  StreamConnector,
} from './stream-connector.ts'
import { beginTCP, type TCPAttemptOptions } from './tcp-attempt.ts'
import { TCPConnections } from './tcp-transport.ts'

const kind = new TCPConnections()

/** A number, so that no text has to be read for each attempt. */
const KEEP_ALIVE: Seconds = 15

/** A connector that has yet to connect. */
export function tcpConnector(
  host: string,
  port: number,
  factory: IClientFactory,
  options: TCPConnectOptions,
  surroundings: ConnectorSurroundings,
): StreamConnector<InternetAddress> {
  const { timeout = 30, signal } = options
  const dialling = tcpDialling(host, port, options, surroundings, true)
  return new StreamConnector(factory, {
    destination: dialling.address ?? internetAddress('TCP', host, port),
    dialling,
    kind,
    timeout: toSeconds(timeout, 'timeout'),
    signal,
    surroundings,
  })
}

// A method of the options rather than a closure over them, since they last as long as the connection.
function begin(this: TCPAttemptOptions, outcome: AttemptOutcome): Attempt {
  return beginTCP(this, outcome)
}

/**
 * How to connect by TCP; what is underneath TLS, too.
 *
 * @param isListenedTo - whether the socket is only listened to, and not used as a stream
 * @throws ReactorOptionError (`ERR_SENNIT_REACTOR_OPTION`), ServiceNameUnknownError (`ERR_SENNIT_SERVICE_NAME`)
 */
export function tcpDialling(
  host: string,
  port: number,
  { keepAlive = KEEP_ALIVE, bindAddress, family, attemptDelay = 0.25 }: TCPConnectOptions,
  { clock, names }: ConnectorSurroundings,
  isListenedTo = false,
): TCPAttemptOptions & Dialling & { readonly address: InternetAddress | undefined } {
  if (typeof port === 'string') throw new ServiceNameUnknownError(port)
  const [localAddress, localPort = 0] = typeof bindAddress === 'string' ? [bindAddress] : (bindAddress ?? [])
  if (localAddress !== undefined) checkedAddress('connect', localAddress, 'bindAddress')
  checkedHost('connect', host)
  checkedPort('connect', port)
  return {
    host,
    port,
    address: isIP(host) === 0 ? undefined : internetAddress('TCP', host, port),
    family,
    attemptDelay: toSeconds(attemptDelay, 'attemptDelay'),
    localAddress,
    localPort: checkedPort('connect', localPort, 'bindAddress'),
    keepAliveDelay: keepAliveDelay(keepAlive),
    isListenedTo,
    clock,
    names,
    begin,
  }
}
