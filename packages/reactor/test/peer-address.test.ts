import type { Socket } from 'node:net'
import { describe, expect, it } from 'vitest'
import { IPv4Address, UNIXAddress } from '@sennit/protocol'
import { itself, PeerAddress } from '../src/peer-address.ts'

/** As much of a socket as is asked for an address. */
function asked(remoteAddress: string | undefined, remotePort: number | undefined) {
  let times = 0
  const socket = {
    get remoteAddress() {
      times++
      return remoteAddress
    },
    get remotePort() {
      return remotePort
    },
  }
  return { peer: new PeerAddress(socket as Socket), times: () => times }
}

describe('PeerAddress', () => {
  it('asks the system when it is read, and once', () => {
    const { peer, times } = asked('127.0.0.1', 80)
    expect(times()).toBe(0)
    expect([peer.type, peer.host, peer.port]).toEqual(['TCP', '127.0.0.1', 80])
    expect(peer.value).toEqual(new IPv4Address('TCP', '127.0.0.1', 80))
    expect(times()).toBe(1)
  })

  it('is equal to the address that it stands for, both ways', () => {
    const { peer } = asked('127.0.0.1', 80)
    const address = new IPv4Address('TCP', '127.0.0.1', 80)
    expect(peer.equals(address)).toBe(true)
    expect(address.equals(peer)).toBe(true)
    expect(peer.equals(asked('127.0.0.1', 80).peer)).toBe(true)
    expect(peer.equals(asked('127.0.0.1', 81).peer)).toBe(false)
    expect(peer.equals(undefined)).toBe(false)
  })

  it('reads like an address', () => {
    const { peer } = asked('::1', 80)
    expect(String(peer)).toBe('tcp:[::1]:80')
    expect(JSON.parse(JSON.stringify(peer))).toMatchObject({ host: '::1', port: 80 })
  })

  it('has an empty host when it is asked for too late', () => {
    expect(asked(undefined, undefined).peer.value).toMatchObject({ host: '', port: 0 })
  })

  it('is taken for the address itself, where that is wanted', () => {
    const { peer } = asked('127.0.0.1', 80)
    expect(itself(peer)).toEqual(new IPv4Address('TCP', '127.0.0.1', 80))
    const other = new UNIXAddress('/run/x')
    expect(itself(other)).toBe(other)
  })
})
