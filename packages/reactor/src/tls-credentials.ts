/**
 * What a side of TLS proves itself with and trusts, checked, as Node wants it.
 *
 * Node takes much that can never work (a certificate without its key, an authority that is none) and lets each handshake
 * fail; here it is refused where it enters. No key and no passphrase is told in an error.
 *
 * @module
 */
import type { KeyObject } from 'node:crypto'
import type { SecureContext, SecureContextOptions } from 'node:tls'
import type { PEM, TLSCredentials } from '@sennit/interfaces'
import { TLSOptionsError } from '@sennit/protocol'

const VERSIONS = ['TLSv1.2', 'TLSv1.3'] as const

/** What every TLS structure in DER begins with. */
const SEQUENCE = 0x30

const CERTIFICATE = 'a certificate in PEM or DER'
const PARAMETERS = "'auto', or parameters in PEM or DER"
const KEY = "a private key in PEM or DER, with its 'passphrase' when it has one"

/**
 * Checks credentials, and makes of them what Node's handshakes are made with.
 *
 * @param action - what cannot be done otherwise, such as `'listen'`
 * @throws TLSOptionsError (`ERR_SENNIT_TLS_OPTIONS`)
 */
export function secureContext(action: string, credentials: TLSCredentials): SecureContext {
  const { createSecureContext } = process.getBuiltinModule('node:tls')
  const options = contextOptions(action, credentials)
  return built(action, options, () => createSecureContext(options))
}

/**
 * Credentials, checked but for what only OpenSSL can say.
 *
 * @throws TLSOptionsError (`ERR_SENNIT_TLS_OPTIONS`)
 */
export function contextOptions(action: string, credentials: TLSCredentials): SecureContextOptions {
  const { minVersion = 'TLSv1.2', maxVersion, ciphers, dhparam, ca } = credentials
  checkVersions(action, minVersion, maxVersion)
  return {
    minVersion,
    ...(maxVersion === undefined ? {} : { maxVersion }),
    ...(ciphers === undefined ? {} : { ciphers }),
    ...(dhparam === undefined ? {} : { dhparam: parameters(action, dhparam) }),
    ...(ca === undefined ? {} : { ca: authorities(action, ca) }),
    ...pair(action, credentials),
  }
}

/**
 * Builds something out of checked options; of what is thrown, it says which option it is about.
 *
 * @throws TLSOptionsError (`ERR_SENNIT_TLS_OPTIONS`)
 */
export function built<T>(action: string, options: SecureContextOptions, build: () => T): T {
  try {
    return build()
  } catch (error) {
    const isCipher = /cipher/i.test((error as Error).message)
    if (isCipher) throw new TLSOptionsError(action, 'ciphers', "ciphers in OpenSSL's form", error)
    if (options.dhparam !== undefined) throw new TLSOptionsError(action, 'dhparam', PARAMETERS, error)
    throw new TLSOptionsError(action, 'cert', 'a certificate that can be used', error)
  }
}

function checkVersions(action: string, least: unknown, most: unknown): void {
  const [from, to] = [least, most ?? VERSIONS.at(-1)].map((version) => VERSIONS.indexOf(version as 'TLSv1.3'))
  if (from === -1) throw new TLSOptionsError(action, 'minVersion', "'TLSv1.2' or 'TLSv1.3'")
  if (to === -1) throw new TLSOptionsError(action, 'maxVersion', "'TLSv1.2' or 'TLSv1.3'")
  if (from! > to!) throw new TLSOptionsError(action, 'maxVersion', "'minVersion' or newer")
}

function pair(action: string, { key, cert, passphrase }: TLSCredentials): SecureContextOptions {
  if (key === undefined && cert === undefined) return {}
  if (key === undefined) throw new TLSOptionsError(action, 'key', "given with 'cert'")
  if (cert === undefined) throw new TLSOptionsError(action, 'cert', "given with 'key'")
  const { X509Certificate } = process.getBuiltinModule('node:crypto')
  const chain = inPEM(checkedBytes(action, cert, 'cert', CERTIFICATE), 'CERTIFICATE')
  const first = attempt(action, 'cert', CERTIFICATE, () => new X509Certificate(chain))
  const opened = attempt(action, 'key', KEY, () =>
    privateKey(checkedBytes(action, key, 'key', KEY), passphrase),
  )
  if (!first.checkPrivateKey(opened)) throw new TLSOptionsError(action, 'key', "the key of 'cert'")
  return { key: opened.export({ format: 'pem', type: 'pkcs8' }), cert: chain }
}

function authorities(action: string, ca: PEM | readonly PEM[]): string[] {
  const { X509Certificate } = process.getBuiltinModule('node:crypto')
  const all = Array.isArray(ca) ? (ca as readonly PEM[]) : [ca as PEM]
  return all.map((each) => {
    const text = inPEM(checkedBytes(action, each, 'ca', CERTIFICATE), 'CERTIFICATE')
    attempt(action, 'ca', CERTIFICATE, () => new X509Certificate(text))
    return text
  })
}

/** Node passes over parameters that are none. */
function parameters(action: string, dhparam: PEM): string {
  const text = inPEM(checkedBytes(action, dhparam, 'dhparam', PARAMETERS), 'DH PARAMETERS')
  if (text === 'auto' || text.includes('-----BEGIN DH PARAMETERS-----')) return text
  throw new TLSOptionsError(action, 'dhparam', PARAMETERS)
}

/** In DER, a key does not say which of the three forms it has. */
function privateKey(key: PEM, passphrase: string | undefined): KeyObject {
  const { createPrivateKey } = process.getBuiltinModule('node:crypto')
  const secret = passphrase === undefined ? {} : { passphrase }
  if (!isDER(key)) return createPrivateKey({ key: inPEM(key, ''), ...secret })
  const der = Buffer.from(key)
  try {
    return createPrivateKey({ key: der, format: 'der', type: 'pkcs8', ...secret })
  } catch (error) {
    for (const type of ['sec1', 'pkcs1'] as const) {
      try {
        return createPrivateKey({ key: der, format: 'der', type, ...secret })
      } catch {
        // What was said of the first form is told.
      }
    }
    throw error
  }
}

function isDER(value: PEM): value is Uint8Array {
  return typeof value !== 'string' && value[0] === SEQUENCE
}

function inPEM(value: PEM, label: string): string {
  if (typeof value === 'string') return value
  if (!isDER(value)) return Buffer.from(value).toString()
  const lines = Buffer.from(value)
    .toString('base64')
    .match(/.{1,64}/g)!
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n')
}

function checkedBytes(action: string, value: unknown, option: string, wanted: string): PEM {
  if (typeof value === 'string' || value instanceof Uint8Array) return value
  throw new TLSOptionsError(action, option, wanted)
}

function attempt<T>(action: string, option: string, wanted: string, make: () => T): T {
  try {
    return make()
  } catch (error) {
    throw new TLSOptionsError(action, option, wanted, error)
  }
}
