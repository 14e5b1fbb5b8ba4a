/**
 * What one side of a private connection proves itself with, and what it trusts, read and checked as the real reactor checks it.
 *
 * @module
 */
import { createPrivateKey, X509Certificate, type KeyObject } from 'node:crypto'
import { createSecureContext } from 'node:tls'
import type { PEM, TLSCredentials, TLSVersion } from '@sennit/interfaces'
import { TLSOptionsError } from '@sennit/protocol'

const PARTS = /-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g
const VERSIONS: readonly TLSVersion[] = ['TLSv1.2', 'TLSv1.3']
const CERTIFICATE = 'a certificate in PEM or DER'
const KEY = "a private key in PEM or DER, with its 'passphrase' when it has one"

/** What every TLS structure in DER begins with. */
const SEQUENCE = 0x30

/** Credentials that fit together. */
export interface Credentials {
  /** The certificate, and what stands between it and its authority. */
  readonly chain: readonly X509Certificate[]
  /** The authorities. */
  readonly trusted: readonly X509Certificate[]
  /** The versions that it speaks. */
  readonly versions: readonly TLSVersion[]
  /** Those of TLS 1.2 that were chosen, if some were. */
  readonly ciphers: readonly string[] | undefined
}

/**
 * Reads credentials.
 *
 * @param action - what cannot be done otherwise, such as `'listen'`
 * @throws TLSOptionsError (`ERR_SENNIT_TLS_OPTIONS`)
 */
export function credentialsOf(action: string, options: TLSCredentials): Credentials {
  const { ca = [], ciphers, dhparam } = options
  const versions = checkedVersions(action, options)
  const chain = checkedPair(action, options)
  const authorities = Array.isArray(ca) ? (ca as readonly PEM[]) : [ca as PEM]
  const trusted = authorities.flatMap((each) =>
    attempt(action, 'ca', CERTIFICATE, () => certificatesOf(each)),
  )
  attempt(action, 'ciphers', "ciphers in OpenSSL's form", () => createSecureContext({ ciphers }))
  attempt(action, 'dhparam', "'auto', or in PEM", () => createSecureContext({ dhparam: asText(dhparam) }))
  return { chain, trusted, versions, ciphers: ciphers?.split(':') }
}

function checkedVersions(
  action: string,
  { minVersion = 'TLSv1.2', maxVersion = 'TLSv1.3' }: TLSCredentials,
): readonly TLSVersion[] {
  const [from, to] = [VERSIONS.indexOf(minVersion), VERSIONS.indexOf(maxVersion)]
  if (from === -1) throw new TLSOptionsError(action, 'minVersion', "'TLSv1.2' or 'TLSv1.3'")
  if (to === -1) throw new TLSOptionsError(action, 'maxVersion', "'TLSv1.2' or 'TLSv1.3'")
  if (from > to) throw new TLSOptionsError(action, 'maxVersion', "'minVersion' or newer")
  return VERSIONS.slice(from, to + 1)
}

function checkedPair(action: string, { key, cert, passphrase }: TLSCredentials): X509Certificate[] {
  if (key === undefined && cert === undefined) return []
  if (key === undefined) throw new TLSOptionsError(action, 'key', "given with 'cert'")
  if (cert === undefined) throw new TLSOptionsError(action, 'cert', "given with 'key'")
  const chain = attempt(action, 'cert', CERTIFICATE, () => certificatesOf(cert))
  const opened = attempt(action, 'key', KEY, () => privateKey(key, passphrase))
  if (!chain[0]!.checkPrivateKey(opened)) throw new TLSOptionsError(action, 'key', "the key of 'cert'")
  return chain
}

/** The certificates in a PEM text; or the one in DER. */
function certificatesOf(pem: PEM): X509Certificate[] {
  const bytes = asText(pem)
  const parts = isDER(pem) ? null : bytes!.toString('latin1').match(PARTS)
  return parts === null ? [new X509Certificate(bytes!)] : parts.map((each) => new X509Certificate(each))
}

/** In DER, a key does not say which of the three forms it has. */
function privateKey(key: PEM, passphrase: string | undefined): KeyObject {
  const secret = passphrase === undefined ? {} : { passphrase }
  const bytes = asText(key)!
  if (!isDER(key)) return createPrivateKey({ key: bytes, ...secret })
  const forms = (['pkcs8', 'sec1', 'pkcs1'] as const).map(
    (type) => () => createPrivateKey({ key: bytes, format: 'der', type, ...secret }),
  )
  return firstThatWorks(forms)
}

/** What the first says is told when none works. */
function firstThatWorks<T>([first, ...others]: readonly (() => T)[]): T {
  try {
    return first!()
  } catch (error) {
    if (others.length === 0) throw error
    try {
      return firstThatWorks(others)
    } catch {
      throw error
    }
  }
}

function isDER(value: PEM): value is Uint8Array {
  return typeof value !== 'string' && value[0] === SEQUENCE
}

function asText(pem: PEM): Buffer
function asText(pem: PEM | undefined): Buffer | undefined
function asText(pem: PEM | undefined): Buffer | undefined {
  if (pem === undefined) return undefined
  if (typeof pem !== 'string' && !(pem instanceof Uint8Array))
    throw new TypeError('it must be a string or bytes')
  return Buffer.from(pem as Uint8Array)
}

function attempt<T>(action: string, option: string, wanted: string, make: () => T): T {
  try {
    return make()
  } catch (error) {
    throw new TLSOptionsError(action, option, wanted, error)
  }
}
