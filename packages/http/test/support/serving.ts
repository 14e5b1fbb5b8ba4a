/** A server behind a factory on a real port, with an authority for its certificates. */
import type { IHostPort, IListeningPort } from '@sennit/interfaces'
import { listen } from '@sennit/endpoints'
import { authority } from '@sennit/testing'
import { type HttpFactory, type HttpFactoryOptions, httpFactory, type HttpServer } from '../../src/index.ts'

const ca = authority('An authority')

/** What clients trust. */
export const trusted: string = ca.cert

/** A key and a certificate for localhost. */
export const credentials: { readonly key: string; readonly cert: string } = ca.issue('localhost', {
  names: ['localhost', '127.0.0.1'],
})

/** A server that serves. */
export interface Serving {
  readonly port: number
  readonly listening: IListeningPort
}

/** @param drainTimeout - how long a stop may take, in seconds */
export async function serve(
  server: HttpServer | HttpFactory,
  options: HttpFactoryOptions = {},
  endpoint = 'tcp:0:interface=127.0.0.1',
  drainTimeout = 5,
): Promise<Serving> {
  const factory = 'handleSocket' in server ? server : httpFactory(server, options)
  const listening = await listen(endpoint, factory, { drainTimeout })
  return { listening, port: (listening.getHost() as IHostPort).port }
}
