/**
 * The credentials of a client, for one attempt.
 *
 * @module
 */
import type { ConnectOptions, IReactorFiles, IReactorTime, TLSClientOptions } from '@sennit/interfaces'
import { reactorWith } from '@sennit/reactor'
import { defaultLog } from '@sennit/runtime'
import { TLSClientFiles } from './tls-client-files.ts'

/**
 * What a client is told about TLS; read, when it is in files.
 *
 * @throws EndpointFileError (`ERR_SENNIT_ENDPOINT_FILE`), as a rejection
 */
export async function readClientCredentials(
  tls: TLSClientOptions | TLSClientFiles,
  reactor: IReactorTime | undefined,
  { signal, context }: ConnectOptions,
): Promise<TLSClientOptions> {
  if (!(tls instanceof TLSClientFiles)) return tls
  // Nobody will use them.
  if (signal?.aborted) return {}
  const files = reactorWith<IReactorFiles>(reactor, 'IReactorFiles', ['readFile', 'readDirectory'])
  return tls.read(files, context?.log ?? defaultLog)
}
