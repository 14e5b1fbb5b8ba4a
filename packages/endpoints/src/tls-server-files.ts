/**
 * The files from which a server takes its keys and certificates.
 *
 * Source: Twisted, `twisted/internet/endpoints.py`, `_parseSSL`.
 * Differs: a folder may hold credentials for several server names.
 *
 * @module
 */
import type { IReactorFiles, TLSCredentials, TLSServerOptions } from '@sennit/interfaces'
import type { FieldValue } from './endpoint-text.ts'
import { EndpointOptionError } from './errors.ts'
import {
  CERTIFICATE,
  DH_PARAMETERS,
  fileIn,
  joinPEM,
  type PEMContent,
  PRIVATE_KEY,
  readPEM,
  readPEMNames,
} from './pem-files.ts'

/** Paths of files in PEM form, and whatever else a server can be told about TLS. */
export interface TLSServerFilesOptions extends Omit<
  TLSServerOptions,
  'key' | 'cert' | 'dhparam' | 'serverNames'
> {
  /** The private key. It may be left out when there is a folder of `serverNames`. */
  readonly privateKey?: string | undefined
  /** The certificate, with those between it and the authority behind it. @defaultValue the file of the private key */
  readonly certificate?: string | undefined
  /** The certificates between that of the server and the authority, if the file of the certificate has them not. */
  readonly extraCertChain?: string | undefined
  /** Parameters of Diffie and Hellman. */
  readonly dhParameters?: string | undefined
  /**
   * A folder with the credentials of several servers: `HOST.pem` has the private key and the certificates of HOST,
   * `_.DOMAIN.pem` those of `*.DOMAIN`. Without a `privateKey`, the first of them serves those who ask for none of the names.
   */
  readonly serverNames?: string | undefined
}

/** What was read, and from where. */
export interface ReadCredentials {
  readonly options: TLSServerOptions
  /** The files and folders that tell when they change. */
  readonly paths: readonly string[]
}

/**
 * Credentials in files, read when an endpoint listens, and again when they change.
 *
 * @example
 * ```ts
 * const files = new TLSServerFiles({ privateKey: 'key.pem', certificate: 'cert.pem', ALPNProtocols: ['http/1.1'] })
 * const endpoint = new TLSServerEndpoint(443, files)
 * ```
 */
export class TLSServerFiles {
  readonly #options: TLSServerFilesOptions

  /** @throws EndpointOptionError (`ERR_SENNIT_ENDPOINT_OPTION`) when there is neither a private key nor a folder */
  constructor(options: TLSServerFilesOptions) {
    if (options.privateKey === undefined && options.serverNames === undefined) {
      throw new EndpointOptionError(
        'privateKey',
        'the path of a file, or serverNames that of a folder',
        undefined,
      )
    }
    this.#options = options
  }

  /** The files and folders that are named, before any is read. */
  get paths(): readonly string[] {
    const { privateKey, certificate, extraCertChain, dhParameters, serverNames } = this.#options
    const named = [privateKey, certificate, extraCertChain, dhParameters, serverNames]
    return [...new Set(named.filter((path) => path !== undefined))]
  }

  /** The paths, as fields of a string of that type. @internal */
  fields(type: 'tls' | 'ssl'): Record<string, FieldValue> {
    const { privateKey, certificate, extraCertChain, dhParameters, serverNames } = this.#options
    const { minVersion, maxVersion, ALPNProtocols } = this.#options
    return {
      privateKey,
      [type === 'tls' ? 'certificate' : 'certKey']: certificate,
      extraCertChain,
      dhParameters,
      serverNames,
      minVersion,
      maxVersion,
      alpn: ALPNProtocols?.join(','),
    }
  }

  /**
   * Reads everything.
   *
   * @throws EndpointFileError (`ERR_SENNIT_ENDPOINT_FILE`), as a rejection, with the file and the option
   */
  async read(files: IReactorFiles): Promise<ReadCredentials> {
    const {
      privateKey,
      certificate,
      extraCertChain,
      dhParameters,
      serverNames: folder,
      ...others
    } = this.#options
    const read = (option: string, path: string, content: PEMContent): Promise<string> =>
      readPEM(files, option, path, content)
    let own: TLSCredentials | undefined
    if (privateKey !== undefined) {
      const key = await read('privateKey', privateKey, PRIVATE_KEY)
      const cert = await read('certificate', certificate ?? privateKey, CERTIFICATE)
      const chain = extraCertChain && (await read('extraCertChain', extraCertChain, CERTIFICATE))
      own = { key, cert: chain ? joinPEM(cert, chain) : cert }
    }
    const dhparam = dhParameters && (await read('dhParameters', dhParameters, DH_PARAMETERS))
    const named = folder === undefined ? undefined : await readFolder(files, folder)
    return {
      options: {
        ...others,
        ...(own ?? Object.values(named?.serverNames ?? {})[0]),
        ...(dhparam && { dhparam }),
        ...(named && { serverNames: named.serverNames }),
      },
      paths: [...this.paths, ...(named?.paths ?? [])],
    }
  }
}

async function readFolder(
  files: IReactorFiles,
  folder: string,
): Promise<{ serverNames: Record<string, TLSCredentials>; paths: string[] }> {
  const names = await readPEMNames(files, 'serverNames', folder)
  const serverNames = Object.create(null) as Record<string, TLSCredentials>
  const paths = names.map((name) => fileIn(folder, name))
  for (const [index, path] of paths.entries()) {
    const key = await readPEM(files, 'serverNames', path, PRIVATE_KEY)
    const cert = await readPEM(files, 'serverNames', path, CERTIFICATE)
    serverNames[serverNameOf(names[index]!)] = { key, cert }
  }
  return { serverNames, paths }
}

function serverNameOf(file: string): string {
  return file.slice(0, -'.pem'.length).replace(/^_\./, '*.').toLowerCase()
}
