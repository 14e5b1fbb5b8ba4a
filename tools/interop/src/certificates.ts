/**
 * Certificates for the tests: an authority, and servers that it vouches for.
 *
 * @module
 */
import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import type { TemporaryFolder } from './temporary-folder.ts'

/** Where the parts of one identity are, in PEM. */
export interface Identity {
  readonly key: string
  readonly cert: string
  /** Key and certificate in one file. */
  readonly both: string
}

/** An authority of our own. */
export class Authority {
  /** A folder with its certificate alone, as `trustRoots=` takes it. */
  readonly folder: string
  /** Its certificate. */
  readonly cert: string
  readonly #home: TemporaryFolder
  readonly #key: string

  /** @param name - tells it from other authorities in the folder */
  constructor(home: TemporaryFolder, name: string) {
    this.#home = home
    this.folder = home.file(`${name}-roots`)
    mkdirSync(this.folder)
    this.cert = `${this.folder}/authority.pem`
    this.#key = home.file(`${name}.key`)
    openssl(
      ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'],
      ['-subj', `/CN=${name}`, '-keyout', this.#key, '-out', this.cert],
    )
  }

  /** A server's identity, good for one host name. */
  identity(host: string): Identity {
    const [key, request, cert, both, names] = ['key', 'csr', 'crt', 'pem', 'ext'].map((ending) =>
      this.#home.file(`${host}.${ending}`),
    ) as [string, string, string, string, string]
    openssl(
      ['req', '-new', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'],
      ['-subj', `/CN=${host}`, '-keyout', key, '-out', request],
    )
    writeFileSync(names, `subjectAltName=DNS:${host}\n`)
    openssl(
      ['x509', '-req', '-in', request, '-CA', this.cert, '-CAkey', this.#key, '-CAcreateserial'],
      ['-days', '2', '-extfile', names, '-out', cert],
    )
    writeFileSync(both, readFileSync(key, 'utf8') + readFileSync(cert, 'utf8'))
    return { key, cert, both }
  }
}

function openssl(...args: readonly string[][]): void {
  const { status, stderr, error } = spawnSync('openssl', args.flat(), { encoding: 'utf8' })
  if (status !== 0) throw new Error(`Cannot make a certificate: ${stderr}`, { cause: error })
}
