/**
 * Servers of the packages that are put under load: `node sennit-servers.ts NAME`. Each prints its port.
 *
 * @module
 */
import { service } from '@sennit/endpoints'
import { SSLServer, TCPServer, UDPServer } from '@sennit/legacy'
import {
  DatagramProtocol,
  Factory,
  handler,
  type IPv4Address,
  type IPv6Address,
  lines,
  Protocol,
} from '@sennit/protocol'
import { announce } from './announce.ts'

const HOST = '127.0.0.1'

class Echo extends Protocol {
  override dataReceived(data: Uint8Array): void {
    this.transport!.write(data)
  }
}

class EchoDatagrams extends DatagramProtocol {
  override datagramReceived(datagram: Uint8Array, from: IPv4Address | IPv6Address): void {
    this.transport!.write(datagram, from)
  }
}

const echo = Factory.forProtocol(Echo)

const echoLines = handler(async (socket, { signal }) => {
  for await (const line of lines(socket, { signal })) socket.write(`${line}\n`)
})

/** A service that listens somewhere. */
interface Listener {
  readonly startService: () => unknown
  readonly getHost: () => unknown
}

async function serving(listener: Listener): Promise<number> {
  await listener.startService()
  return (listener.getHost() as { readonly port: number }).port
}

announce({
  tcp: () => serving(new TCPServer(0, echo, { interface: HOST })),
  endpoint: () => serving(service(`tcp:0:interface=${HOST}`, echo)),
  ssl: async () => {
    const { key, cert } = await import('./certificate.ts')
    return serving(new SSLServer(0, echo, { key, cert }, { interface: HOST }))
  },
  udp: () => serving(new UDPServer(0, new EchoDatagrams(), { interface: HOST })),
  lines: () => serving(service(`tcp:0:interface=${HOST}`, echoLines)),
})
