/**
 * Opening sockets before a program knows them: those that it is started with, and those that others give it.
 *
 * @module
 */
import { isIP } from 'node:net'
import { internetAddress, UNIXAddress } from '@sennit/protocol'
import { UNIXEnds } from '../network/ends.ts'
import type { Machine } from '../network/machine.ts'
import type { Acceptor, Network } from '../network/network.ts'
import type { Segment } from '../network/segment.ts'
import { familyOf } from '../opening.ts'
import { attached } from '../peers/test-dial.ts'
import { worldAddress } from '../peers/world-address.ts'
import type { WorldPeer } from '../peers/world-peer.ts'
import { MemoryTransport } from '../streams/memory-transport.ts'
import { type Descriptors, OpenDatagramSocket, OpenListener } from './descriptors.ts'

/** A machine, and the sockets that its program has yet to know. */
export interface InheritanceOptions {
  readonly network: Network
  readonly machine: Machine
  readonly descriptors: Descriptors
}

/** Opens a socket at a place. @returns its number */
export function openSocket({ network, machine, descriptors }: InheritanceOptions, text: string): number {
  const address = worldAddress(text, 'tcp', 'udp', 'unix')
  if (address.kind === 'unix') {
    const { path } = address
    const listener = new OpenListener()
    machine.sockets.bind(path, 0o660, { stream: listener })
    return descriptors.add({
      kind: 'listener',
      family: 'UNIX',
      listener,
      // The file is the service manager's, and stays.
      bound: { host: new UNIXAddress(path), release: () => machine.sockets.leave(path) },
      handOver: (next) => machine.sockets.handOver(path, { stream: next }),
    })
  }
  const { host, port } = address
  const place = placeOf(host)
  const family = familyOf(place)
  if (address.kind === 'udp') {
    const socket = new OpenDatagramSocket()
    const real = network.udp(machine).bind(place, port, socket)
    return descriptors.add({ kind: 'datagram', family, socket, address: place, port: real })
  }
  const listener = new OpenListener()
  const ports = network.tcp(machine)
  const real = ports.bind(place, port, listener)
  let owner: Acceptor = listener
  return descriptors.add({
    kind: 'listener',
    family,
    listener,
    bound: { host: internetAddress('TCP', place, real), release: () => ports.release(real, owner) },
    handOver(next) {
      ports.handOver(real, owner, next)
      owner = next
    },
  })
}

/** The literal that a socket is bound to. */
function placeOf(host: string): string {
  if (isIP(host) !== 0) return host
  return host === '' ? '0.0.0.0' : '127.0.0.1'
}

/** Makes two sockets that are connected: one has a number, the other is the test's. */
export function socketPair({ network, machine, descriptors }: InheritanceOptions): {
  fd: number
  peer: WorldPeer
} {
  const ends = new UNIXEnds('', '')
  const ours = new MemoryTransport(network, ends, machine)
  const theirs = new MemoryTransport(network, ends, undefined)
  ours.join(
    theirs,
    network.wire<Segment>(machine, machine, (segment) => theirs.receive(segment)),
  )
  theirs.join(
    ours,
    network.wire<Segment>(machine, machine, (segment) => ours.receive(segment)),
  )
  const peer = attached(theirs, network)
  return { fd: descriptors.add({ kind: 'connection', family: 'UNIX', transport: ours }), peer }
}
