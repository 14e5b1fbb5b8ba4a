/**
 * The files from which a client takes what it trusts and what it proves itself with.
 *
 * Source: Twisted, `twisted/internet/endpoints.py`, `_parseClientSSLOptions`, `_parseClientTLS`.
 *
 * @module
 */
import type { ILog, IReactorFiles, TLSClientOptions } from '@sennit/interfaces'
import type { FieldValue } from './endpoint-text.ts'
import { CERTIFICATE, PRIVATE_KEY, readPEM } from './pem-files.ts'
import { readTrustFolder, readTrustRoots } from './trust-roots.ts'

/** Paths of files in PEM form, and whatever else a client can be told about TLS. */
export interface TLSClientFilesOptions extends Omit<TLSClientOptions, 'key' | 'cert' | 'ca'> {
  /** The certificate of this side. @defaultValue the file of the private key */
  readonly certificate?: string | undefined
  /** The private key of this side. @defaultValue the file of the certificate */
  readonly privateKey?: string | undefined
  /** The authorities to trust: a folder of `.pem` files, or a file. @defaultValue those that Node comes with */
  readonly trustRoots?: string | undefined
  /** The same, but only a folder. */
  readonly caCertsDir?: string | undefined
}

/**
 * Credentials in files, read whenever an endpoint connects.
 *
 * @example
 * ```ts
 * const endpoint = new TLSClientEndpoint('db.internal', 6432, new TLSClientFiles({ trustRoots: '/etc/ssl/internal' }))
 * ```
 */
export class TLSClientFiles {
  readonly #options: TLSClientFilesOptions

  constructor(options: TLSClientFilesOptions) {
    this.#options = options
  }

  /** What is not in files. */
  get options(): TLSClientOptions {
    const { certificate: _c, privateKey: _k, trustRoots: _t, caCertsDir: _d, ...options } = this.#options
    return options
  }

  /** The paths, as fields of a string of that type. @internal */
  fields(type: 'tls' | 'ssl'): Record<string, FieldValue> {
    const { certificate, privateKey, trustRoots, caCertsDir } = this.#options
    return { [type === 'tls' ? 'certificate' : 'certKey']: certificate, privateKey, trustRoots, caCertsDir }
  }

  /**
   * Reads everything.
   *
   * @param log - told of files that are skipped
   * @throws EndpointFileError (`ERR_SENNIT_ENDPOINT_FILE`), as a rejection, with the file and the option
   */
  async read(files: IReactorFiles, log: ILog): Promise<TLSClientOptions> {
    const { certificate, privateKey, trustRoots, caCertsDir } = this.#options
    const certPath = certificate ?? privateKey
    const keyPath = privateKey ?? certificate
    return {
      ...this.options,
      ...(certPath && { cert: await readPEM(files, 'certificate', certPath, CERTIFICATE) }),
      ...(keyPath && { key: await readPEM(files, 'privateKey', keyPath, PRIVATE_KEY) }),
      ...(trustRoots && { ca: await readTrustRoots(files, 'trustRoots', trustRoots, log) }),
      ...(caCertsDir && { ca: await readTrustFolder(files, 'caCertsDir', caCertsDir, log) }),
    }
  }
}
