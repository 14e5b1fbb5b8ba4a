/**
 * The two sides of a simulated handshake: what each says, and how it judges the other.
 *
 * | step | client                      | server                                                 |
 * |------|-----------------------------|--------------------------------------------------------|
 * | 1    | hello                       | chooses version, protocol and certificate, or refuses  |
 * | 2    | judges, finished; done (1)  | hello, with its certificates                           |
 * | 3    |                             | judges; done                                           |
 *
 * (1) With TLS 1.2, the client judges, and is done, only when the server has said that it is done, too.
 *
 * @module
 */
import { X509Certificate } from 'node:crypto'
import { isIP } from 'node:net'
import { checkServerIdentity } from 'node:tls'
import { domainToASCII } from 'node:url'
import type { Seconds, TLSClientOptions, TLSCredentials, TLSInfo, TLSServerOptions } from '@sennit/interfaces'
import { TLSOptionsError } from '@sennit/protocol'
import { type Credentials, credentialsOf } from './tls-credentials.ts'
import { HandshakeFailure, sslError, untrusted } from './tls-errors.ts'
import { chainFault } from './x509-chain.ts'

/** The time of day, in seconds since 1970. */
type Now = () => Seconds

/** A name that clients can ask for, or one for all in a domain. */
const SERVER_NAME = /^(?:\*\.)?[\w-]+(?:\.[\w-]+)*$/

/** What the sides say to one another. */
interface Message {
  /** The client's. */
  readonly hello?: {
    readonly versions: readonly string[]
    readonly ciphers: readonly string[] | undefined
    readonly servername: string | undefined
    readonly protocols: readonly string[]
  }
  /** The server's. */
  readonly server?: {
    readonly version: string
    readonly protocol: string | undefined
    readonly chain: readonly string[]
    readonly asks: boolean
  }
  /** The client's last. */
  readonly finished?: { readonly chain: readonly string[] }
  /** The server's last, with TLS 1.2. */
  readonly done?: true
}

/** One side of one handshake. */
export interface TLSSide {
  /** What it says first, if it is the one to begin. */
  begin(): Message | undefined
  /**
   * Hears something.
   *
   * @param say - what answers
   * @returns what is known when the handshake is done for this side
   * @throws HandshakeFailure
   */
  hear(message: Message, say: (message: Message) => void): TLSInfo | undefined
}

/** How a client speaks TLS, with its credentials read. */
export class TLSClient {
  readonly #credentials: Credentials
  readonly #options: TLSClientOptions

  readonly #name: string

  /**
   * @param action - what cannot be done otherwise, such as `'connect'`
   * @param host - whose certificate is expected, when the options do not say
   * @throws TLSOptionsError (`ERR_SENNIT_TLS_OPTIONS`)
   */
  constructor(action: string, options: TLSClientOptions, host: string | undefined) {
    const { servername: name = host, rejectUnauthorized = true } = options
    if (name === '' || (name === undefined && rejectUnauthorized)) {
      throw new TLSOptionsError(action, 'servername', 'the name that the certificate must be for')
    }
    checkProtocols(action, options.ALPNProtocols)
    this.#name = name === undefined ? '' : plainName(name)
    this.#options = options
    this.#credentials = credentialsOf(action, options)
  }

  side(now: Now): TLSSide {
    return new ClientSide(this.#credentials, this.#options, this.#name, now)
  }
}

class ClientSide implements TLSSide {
  readonly #credentials: Credentials
  readonly #options: TLSClientOptions
  readonly #name: string
  readonly #now: Now
  #server: NonNullable<Message['server']> | undefined

  constructor(credentials: Credentials, options: TLSClientOptions, name: string, now: Now) {
    this.#credentials = credentials
    this.#options = options
    this.#name = name
    this.#now = now
  }

  begin(): Message {
    const { versions, ciphers } = this.#credentials
    const { ALPNProtocols: protocols = [] } = this.#options
    return { hello: { versions, ciphers, servername: this.#servername, protocols } }
  }

  hear({ server, done }: Message, say: (message: Message) => void): TLSInfo | undefined {
    const finished = { chain: encoded(this.#credentials.chain) }
    if (server !== undefined) {
      this.#server = server
      if (server.version === 'TLSv1.2') {
        say({ finished })
        return undefined
      }
      const info = this.#judged(server)
      say({ finished })
      return info
    }
    return done && this.#server && this.#judged(this.#server)
  }

  /** An address is not told. */
  get #servername(): string | undefined {
    return isIP(this.#name) === 0 && this.#name !== '' ? this.#name : undefined
  }

  #judged({ version, protocol, chain }: NonNullable<Message['server']>): TLSInfo {
    const certificates = decoded(chain)
    const error = this.#fault(certificates)
    if (error !== undefined && this.#options.rejectUnauthorized !== false) throw new HandshakeFailure(error)
    return {
      version,
      alpnProtocol: protocol,
      authorized: error === undefined,
      servername: this.#servername,
      peerCertificate: certificates[0]?.raw,
    }
  }

  #fault(chain: readonly X509Certificate[]): Error | undefined {
    const fault = chainFault(chain, this.#credentials.trusted, this.#now())
    if (fault !== undefined) return untrusted(fault)
    return checkServerIdentity(this.#name, chain[0]!.toLegacyObject() as never)
  }
}

/** How a server speaks TLS, with its credentials read. */
export class TLSServer {
  readonly #options: TLSServerOptions
  readonly #credentials: Credentials
  readonly #named: readonly (readonly [name: string, credentials: Credentials])[]

  /**
   * @param action - what cannot be done otherwise, such as `'listen'`
   * @throws TLSOptionsError (`ERR_SENNIT_TLS_OPTIONS`)
   */
  constructor(action: string, options: TLSServerOptions) {
    const { key, cert, passphrase: _passphrase, serverNames = {}, ...common } = options
    const names = Object.entries(serverNames)
    if (cert === undefined && key === undefined && names.length === 0) {
      throw new TLSOptionsError(action, 'cert', "given, with its 'key'")
    }
    checkProtocols(action, options.ALPNProtocols)
    this.#options = options
    this.#credentials = credentialsOf(action, options)
    this.#named = names.map(([name, each]) => [
      checkedServerName(action, name, each).toLowerCase(),
      credentialsOf(action, { ...common, ...each }),
    ])
  }

  side(now: Now): TLSSide {
    return new ServerSide(this.#options, (name) => this.#credentialsFor(name), now)
  }

  #credentialsFor(servername: string | undefined): Credentials {
    const name = servername?.toLowerCase()
    const named =
      this.#named.find(([each]) => each === name) ?? this.#named.find(([each]) => isWithin(name, each))
    return named?.[1] ?? this.#credentials
  }
}

function checkedServerName(action: string, name: string, { key, cert }: TLSCredentials): string {
  const option = `serverNames[${JSON.stringify(name)}]`
  if (!SERVER_NAME.test(name) || isIP(name) !== 0)
    throw new TLSOptionsError(action, option, 'for a name in ASCII, or one behind *.')
  if (cert === undefined || key === undefined)
    throw new TLSOptionsError(action, option, "with a 'cert' and its 'key'")
  return name
}

function checkProtocols(action: string, protocols: unknown): void {
  const isFine = (name: unknown) => typeof name === 'string' && name !== '' && Buffer.byteLength(name) <= 255
  if (protocols === undefined || (Array.isArray(protocols) && protocols.every(isFine))) return
  throw new TLSOptionsError(action, 'ALPNProtocols', 'a list of names of 1 to 255 bytes')
}

/** A name as it is asked for. */
function plainName(name: string): string {
  return isIP(name) === 0 ? (domainToASCII(name) || name).replace(/\.$/, '') : name
}

/** Whether a name is one that a name with `*.` in front stands for. */
function isWithin(name: string | undefined, pattern: string): boolean {
  if (name === undefined || !pattern.startsWith('*.')) return false
  const dot = name.indexOf('.')
  return dot > 0 && name.slice(dot) === pattern.slice(1)
}

class ServerSide implements TLSSide {
  readonly #options: TLSServerOptions
  readonly #choose: (servername: string | undefined) => Credentials
  readonly #now: Now
  #credentials: Credentials
  #known: Pick<TLSInfo, 'version' | 'alpnProtocol' | 'servername'> | undefined

  constructor(options: TLSServerOptions, choose: (servername: string | undefined) => Credentials, now: Now) {
    this.#options = options
    this.#choose = choose
    this.#credentials = choose(undefined)
    this.#now = now
  }

  begin(): undefined {
    return undefined
  }

  hear({ hello, finished }: Message, say: (message: Message) => void): TLSInfo | undefined {
    if (hello !== undefined) this.#answer(hello, say)
    else if (finished !== undefined && this.#known !== undefined) {
      const info = this.#judged(this.#known, decoded(finished.chain))
      if (info.version === 'TLSv1.2') say({ done: true })
      return info
    }
    return undefined
  }

  #answer(hello: NonNullable<Message['hello']>, say: (message: Message) => void): void {
    const { servername } = hello
    const credentials = this.#choose(servername)
    this.#credentials = credentials
    const version = credentials.versions.findLast((each) => hello.versions.includes(each))
    if (version === undefined) throw new HandshakeFailure(sslError('UNSUPPORTED_PROTOCOL'), 70)
    if (credentials.chain.length === 0)
      throw new HandshakeFailure(sslError('NO_SUITABLE_SIGNATURE_ALGORITHM'), 40)
    if (version === 'TLSv1.2' && !share(credentials.ciphers, hello.ciphers))
      throw new HandshakeFailure(sslError('NO_SHARED_CIPHER'), 40)
    const alpnProtocol = this.#protocol(hello.protocols)
    this.#known = { version, alpnProtocol, servername }
    const { requestCert: asks = false } = this.#options
    say({ server: { version, protocol: alpnProtocol, chain: encoded(credentials.chain), asks } })
  }

  #protocol(wanted: readonly string[]): string | undefined {
    const { ALPNProtocols: known = [] } = this.#options
    if (known.length === 0 || wanted.length === 0) return undefined
    const protocol = known.find((each) => wanted.includes(each))
    if (protocol === undefined) throw new HandshakeFailure(sslError('NO_APPLICATION_PROTOCOL'), 120)
    return protocol
  }

  #judged(
    known: Pick<TLSInfo, 'version' | 'alpnProtocol' | 'servername'>,
    chain: readonly X509Certificate[],
  ): TLSInfo {
    const { requestCert = false, rejectUnauthorized = true } = this.#options
    if (!requestCert) return { ...known, authorized: false, peerCertificate: undefined }
    if (chain.length === 0 && rejectUnauthorized) {
      const alert = known.version === 'TLSv1.2' ? 40 : 116
      throw new HandshakeFailure(sslError('PEER_DID_NOT_RETURN_A_CERTIFICATE'), alert)
    }
    const fault = chainFault(chain, this.#credentials.trusted, this.#now())
    if (fault !== undefined && rejectUnauthorized) throw new HandshakeFailure(untrusted(fault))
    return { ...known, authorized: fault === undefined, peerCertificate: chain[0]?.raw }
  }
}

/** Whether two sides know a cipher together; whoever has chosen none knows all. */
function share(some: readonly string[] | undefined, others: readonly string[] | undefined): boolean {
  return some === undefined || others === undefined || some.some((each) => others.includes(each))
}

function encoded(chain: readonly X509Certificate[]): string[] {
  return chain.map(({ raw }) => raw.toString('base64'))
}

function decoded(chain: readonly string[]): X509Certificate[] {
  return chain.map((each) => new X509Certificate(Buffer.from(each, 'base64')))
}
