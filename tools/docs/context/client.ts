/**
 * Around the examples of `@sennit/client`.
 *
 * @module
 */
import type { IStreamClientEndpoint } from '@sennit/interfaces'
import { clientFromString as endpointOf } from '@sennit/endpoints'
import { ca, world } from './common.ts'

export { connect } from 'node:net'
export type { Socket } from 'node:net'

world.files.write('/etc/ssl/ours/ca.pem', ca)

/** Trusts our authority besides; no real one can be had here. */
export const clientFromString = (text: string): IStreamClientEndpoint =>
  endpointOf(text.startsWith('tls:') ? `${text}:trustRoots=/etc/ssl/ours` : text)
