/**
 * Connections that a test makes to the program.
 *
 * @module
 */
import type { TLSClientOptions } from '@sennit/interfaces'
import { sslErrorFrom } from '@sennit/protocol'
import { unixDial } from '../connecting.ts'
import { TCPEnds } from '../network/ends.ts'
import type { Machine } from '../network/machine.ts'
import type { Network } from '../network/network.ts'
import { Dial, type DialOptions } from '../streams/dial.ts'
import type { MemoryTransport } from '../streams/memory-transport.ts'
import { tcpAcceptor } from '../streams/tcp-dial.ts'
import { TLSClient } from '../tls/tls-side.ts'
import { type WorldAddress, worldAddress } from './world-address.ts'
import { WorldPeer } from './world-peer.ts'

/** Connects; rejects like any attempt to connect. */
export function connectPeer(
  network: Network,
  machine: Machine,
  text: string,
  tls: TLSClientOptions,
): Promise<WorldPeer> {
  const address = worldAddress(text, 'tcp', 'tls', 'unix')
  const client = address.kind === 'tls' ? new TLSClient('connect', tls, address.host) : undefined
  const target = targetOf(network, machine, address)
  return new Promise<WorldPeer>((resolve, reject) => {
    const connected = (transport: MemoryTransport) => {
      if (client === undefined) resolve(attached(transport, network))
      else {
        transport.watch({ log: network.log, onLost: (error) => reject(sslErrorFrom(error)) })
        transport.secure(
          client.side(() => network.now()),
          { timeout: undefined, failed: (error) => error, done: () => resolve(attached(transport, network)) },
        )
      }
    }
    void new Dial({ ...target, network, from: machine, isOurs: false }, { connected, failed: reject })
  })
}

/** A connection in the hands of a test. */
export function attached(
  transport: MemoryTransport,
  { log }: Network,
  onData?: (data: Uint8Array) => void,
): WorldPeer {
  const peer = new WorldPeer(onData)
  transport.attach(peer, { onLost: () => {}, log })
  return peer
}

function targetOf(
  network: Network,
  machine: Machine,
  address: WorldAddress,
): Pick<DialOptions, 'to' | 'client' | 'server' | 'find'> {
  if (address.kind === 'unix') {
    const { path } = address
    return { ...unixDial(path), to: machine, find: () => machine.sockets.acceptor(path) }
  }
  const { host, port } = address
  const place = network.find(host, machine)
  const here = { address: machine.addressTowards(place.address), port: machine.nextPort() }
  const there = { address: place.address, port }
  return {
    to: place.machine,
    client: new TCPEnds(here, there),
    server: new TCPEnds(there, here),
    find: () => tcpAcceptor(network, place.machine, place.address, port),
  }
}
