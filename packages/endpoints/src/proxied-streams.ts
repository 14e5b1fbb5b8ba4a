/**
 * Stream handlers and existing servers behind a proxy that says who has connected.
 *
 * They get the socket itself, at the end of the header; what it says of its addresses is what the header says.
 *
 * @module
 */
import { isIPv6 } from 'node:net'
import type { Duplex } from 'node:stream'
import type {
  IAddress,
  IConnectionContext,
  IDrain,
  IHostPort,
  ILog,
  IReactorTime,
  ISocketHandler,
  IStreamHandler,
} from '@sennit/interfaces'
import { asError } from '@sennit/runtime/internal'
import type { ProxyHeader } from './proxy-header.ts'
import { type ProxyGate, ProxyPreface } from './proxy-gate.ts'

/** The stream handler that the port sees. */
export class ProxiedStreamHandler implements IStreamHandler {
  readonly #handler: IStreamHandler & Partial<IDrain>
  readonly #gate: ProxyGate

  constructor(handler: IStreamHandler, gate: ProxyGate) {
    this.#handler = handler
    this.#gate = gate
  }

  async handleStream(stream: Duplex, context: IConnectionContext): Promise<void> {
    const proxied = await new Promise<IConnectionContext | undefined>((resolve) =>
      readHeader(stream, context, this.#gate, resolve),
    )
    if (proxied) await this.#handler.handleStream(stream, proxied)
  }

  get drain(): IDrain['drain'] | undefined {
    return this.#handler.drain?.bind(this.#handler)
  }
}

/** The existing server that the port sees. */
export class ProxiedSocketHandler implements ISocketHandler {
  readonly #handler: ISocketHandler & Partial<IDrain>
  readonly #gate: ProxyGate

  constructor(handler: ISocketHandler, gate: ProxyGate) {
    this.#handler = handler
    this.#gate = gate
  }

  handleSocket(socket: Duplex, context: IConnectionContext): void {
    readHeader(socket, context, this.#gate, (proxied) => {
      if (!proxied) return
      try {
        this.#handler.handleSocket(socket, proxied)
      } catch (error) {
        context.log.error({ err: asError(error) }, 'handleSocket threw; the connection is closed')
        socket.destroy()
      }
    })
  }

  get drain(): IDrain['drain'] | undefined {
    return this.#handler.drain?.bind(this.#handler)
  }
}

/** Reads up to the end of the header; a stream that is refused, or ends first, is destroyed. */
function readHeader(
  stream: Duplex,
  context: IConnectionContext,
  gate: ProxyGate,
  then: (proxied: IConnectionContext | undefined) => void,
): void {
  const { peer: proxy, signal } = context
  if (!gate.admits(proxy)) {
    stream.destroy()
    return then(undefined)
  }
  const preface = new ProxyPreface(gate, proxy, {
    read(header) {
      leave()
      tellAddresses(stream, header.peer, header.host)
      if (header.rest.length > 0) stream.unshift(header.rest)
      then(new ProxiedContext(context, header))
    },
    refused: () => giveUp(),
  })
  const read = (): void => {
    let chunk: Uint8Array | null
    while (!preface.over && (chunk = stream.read() as Uint8Array | null) !== null) preface.push(chunk)
  }
  const giveUp = (): void => {
    leave()
    stream.destroy()
    then(undefined)
  }
  const leave = (): void => {
    preface.stop()
    stream.off('readable', read).off('end', giveUp).off('close', giveUp)
    signal.removeEventListener('abort', giveUp)
  }
  if (signal.aborted || stream.destroyed) return giveUp()
  stream.on('readable', read).on('end', giveUp).on('close', giveUp)
  signal.addEventListener('abort', giveUp)
}

/** What comes with the connection, with the addresses of the header. */
class ProxiedContext implements IConnectionContext {
  readonly #context: IConnectionContext
  readonly #header: ProxyHeader

  constructor(context: IConnectionContext, header: ProxyHeader) {
    this.#context = context
    this.#header = header
  }

  get signal(): AbortSignal {
    return this.#context.signal
  }

  get peer(): IAddress {
    return this.#header.peer ?? this.#context.peer
  }

  get host(): IAddress {
    return this.#header.host ?? this.#context.host
  }

  get clock(): IReactorTime {
    return this.#context.clock
  }

  get log(): ILog {
    return this.#context.log
  }
}

/** Makes a socket say the addresses of a header. */
export function tellAddresses(socket: Duplex, peer: IAddress | undefined, host: IAddress | undefined): void {
  const remote = peer && fieldsOf(peer)
  const local = host && fieldsOf(host)
  const fields = {
    ...(remote && { remoteAddress: remote.address, remotePort: remote.port, remoteFamily: remote.family }),
    ...(local && { localAddress: local.address, localPort: local.port, localFamily: local.family }),
  }
  for (const [key, value] of Object.entries(fields)) {
    Object.defineProperty(socket, key, { value, configurable: true, enumerable: true })
  }
}

/** A UNIX socket has neither. */
function fieldsOf(address: IAddress): {
  address: string | undefined
  port: number | undefined
  family: string | undefined
} {
  const { host, port } = address as IAddress & Partial<IHostPort>
  return { address: host, port, family: host && (isIPv6(host) ? 'IPv6' : 'IPv4') }
}
