/**
 * Whom a listener believes what it says about others.
 *
 * @module
 */
import { BlockList, isIP, isIPv4 } from 'node:net'
import type { IAddress, IHostPort } from '@sennit/interfaces'
import { EndpointOptionError } from './errors.ts'

/** What a network looks like. */
export const NETWORKS_WANTED = "IP addresses, or networks such as '10.0.0.0/8'"

/** This host. */
const LOOPBACK: readonly string[] = ['127.0.0.0/8', '::1']

/** Some networks, and all UNIX sockets. */
export class TrustedNetworks {
  readonly #networks = new BlockList()

  /** @throws EndpointOptionError (`ERR_SENNIT_ENDPOINT_OPTION`) when something is no network */
  constructor(networks: readonly string[] = LOOPBACK) {
    for (const network of networks) {
      const parsed = parsedNetwork(network)
      if (!parsed) throw new EndpointOptionError('trusted', NETWORKS_WANTED, network)
      this.#networks.addSubnet(...parsed)
    }
  }

  has(address: IAddress): boolean {
    const { type, host = '' } = address as IAddress & Partial<IHostPort>
    if (type === 'UNIX') return true
    return isIP(host) !== 0 && this.#networks.check(host, isIPv4(host) ? 'ipv4' : 'ipv6')
  }
}

/** An address of a network, the length of its prefix, and its family. */
export function parsedNetwork(text: string): [string, number, 'ipv4' | 'ipv6'] | undefined {
  const [, address = '', prefix] = /^([^/%]+)(?:\/(\d{1,3}))?$/.exec(text) ?? []
  const version = isIP(address)
  if (version === 0) return undefined
  const longest = version === 4 ? 32 : 128
  const length = prefix === undefined ? longest : Number(prefix)
  return length <= longest ? [address, length, version === 4 ? 'ipv4' : 'ipv6'] : undefined
}
