/**
 * Certificates for tests, made when they are needed, so that no key lies in a file and none runs out.
 *
 * A certificate is written in DER by hand: there is nothing in Node that makes one.
 *
 * @module
 */
import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { isIP } from 'node:net'

/** A certificate and its key. */
export interface Credentials {
  /** In PEM, without that of the authority. */
  readonly cert: string
  /** In PEM. */
  readonly key: string
}

/** What a certificate says. */
export interface CertificateOptions {
  /** The names and the addresses that it is for. */
  readonly names?: readonly string[] | undefined
  /** The year at whose beginning it runs out. @defaultValue 2999 */
  readonly until?: number | undefined
}

/** Who signs certificates. */
export interface Authority extends Credentials {
  /** A certificate for whoever has one of the names. */
  issue(name: string, options?: CertificateOptions): Credentials
}

/** Who signs: a name, and a key. */
interface Issuer {
  readonly name: string
  readonly privateKey: KeyObject
}

const tag = {
  boolean: 1,
  integer: 2,
  bits: 3,
  bytes: 4,
  oid: 6,
  utf8: 12,
  time: 24,
  sequence: 0x30,
  set: 0x31,
}

const ECDSA_WITH_SHA256 = sequence(oid(1, 2, 840, 10045, 4, 3, 2))
const COMMON_NAME = oid(2, 5, 4, 3)
const BASIC_CONSTRAINTS = oid(2, 5, 29, 19)
const KEY_USAGE = oid(2, 5, 29, 15)
const ALTERNATIVE_NAMES = oid(2, 5, 29, 17)

/** The only bit of a key's use that an authority needs: it signs certificates. */
const SIGNS_CERTIFICATES = Buffer.from([2, 0x04])

let serial = 1

/**
 * Makes an authority, which nobody trusts unless told to. Keys are on the curve P-256; certificates are good from the year 2000 on.
 *
 * @example
 * ```ts
 * const ca = authority('Test authority')
 * const server = ca.issue('localhost', { names: ['localhost', '127.0.0.1'] })
 * const port = await reactor.listenSSL(0, factory, server)
 * reactor.connectSSL('127.0.0.1', portOf(port), clients, { ca: ca.cert })
 * ```
 */
export function authority(name: string): Authority {
  const { privateKey, publicKey } = newKeys()
  const issuer = { name, privateKey }
  const constraints = [
    extension(BASIC_CONSTRAINTS, sequence(der(tag.boolean, Buffer.from([0xff])))),
    extension(KEY_USAGE, der(tag.bits, SIGNS_CERTIFICATES)),
  ]
  return {
    cert: certificate(issuer, name, publicKey, constraints, 2999),
    key: inPEM(privateKey),
    issue(subject, { names = [subject], until = 2999 } = {}) {
      const keys = newKeys()
      const extensions =
        names.length === 0 ? [] : [extension(ALTERNATIVE_NAMES, sequence(...names.map(alternative)))]
      return {
        cert: certificate(issuer, subject, keys.publicKey, extensions, until),
        key: inPEM(keys.privateKey),
      }
    },
  }
}

function newKeys(): { readonly privateKey: KeyObject; readonly publicKey: KeyObject } {
  return generateKeyPairSync('ec', { namedCurve: 'P-256' })
}

function inPEM(key: KeyObject): string {
  return key.export({ format: 'pem', type: 'pkcs8' }) as string
}

function certificate(
  issuer: Issuer,
  subject: string,
  publicKey: KeyObject,
  extensions: readonly Buffer[],
  until: number,
): string {
  const body = sequence(
    der(0xa0, der(tag.integer, Buffer.from([2]))),
    der(tag.integer, Buffer.from([0x40, ++serial >> 8, serial & 0xff])),
    ECDSA_WITH_SHA256,
    distinguished(issuer.name),
    sequence(midnight(2000), midnight(until)),
    distinguished(subject),
    publicKey.export({ format: 'der', type: 'spki' }),
    ...(extensions.length === 0 ? [] : [der(0xa3, sequence(...extensions))]),
  )
  const signature = sign('sha256', body, issuer.privateKey)
  const whole = sequence(body, ECDSA_WITH_SHA256, der(tag.bits, Buffer.concat([Buffer.from([0]), signature])))
  const lines = whole.toString('base64').match(/.{1,64}/g)!
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n')
}

function distinguished(name: string): Buffer {
  return sequence(der(tag.set, sequence(COMMON_NAME, der(tag.utf8, Buffer.from(name)))))
}

function midnight(year: number): Buffer {
  return der(tag.time, Buffer.from(`${year}0101000000Z`))
}

function extension(id: Buffer, value: Buffer): Buffer {
  return sequence(id, der(tag.bytes, value))
}

function alternative(name: string): Buffer {
  return isIP(name) === 0 ? der(0x82, Buffer.from(name)) : der(0x87, addressBytes(name))
}

function addressBytes(address: string): Buffer {
  if (isIP(address) === 4) return Buffer.from(address.split('.').map(Number))
  const [head = '', tail = ''] = address.split('::')
  const [left, right] = [head, tail].map((half) => (half === '' ? [] : half.split(':')))
  const zeros = Array.from({ length: 8 - left!.length - right!.length }, () => '0')
  const groups = [...left!, ...zeros, ...right!]
  return Buffer.from(groups.map((group) => group.padStart(4, '0')).join(''), 'hex')
}

function oid(first: number, second: number, ...rest: number[]): Buffer {
  return der(tag.oid, Buffer.from([first * 40 + second, ...rest.flatMap(inSevenBits)]))
}

function inSevenBits(number: number): number[] {
  const digits = [number & 0x7f]
  for (let left = number >> 7; left > 0; left >>= 7) digits.unshift((left & 0x7f) | 0x80)
  return digits
}

function sequence(...parts: Buffer[]): Buffer {
  return der(tag.sequence, Buffer.concat(parts))
}

function der(type: number, content: Buffer): Buffer {
  const { length } = content
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff]
  return Buffer.concat([Buffer.from([type, ...size]), content])
}
