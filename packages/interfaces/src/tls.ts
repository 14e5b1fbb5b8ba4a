/**
 * The reactor's role for TLS, and the roles of a connection that is, or can become, private.
 *
 * Source: Twisted, `twisted/internet/interfaces.py`, `IReactorSSL`, `ITLSTransport`, `ISSLTransport`, `IHandshakeListener`.
 * Differs: options with Node's names take the place of context factories; certificates and names are checked unless told
 * otherwise; a connection counts only when its handshake is done.
 *
 * @module
 */
import type { IClientFactory, IConnector } from './connector.ts'
import type { ConnectionHandler } from './handler.ts'
import type { IListeningPort } from './listening.ts'
import type { TCPConnectOptions, TCPListenOptions } from './tcp.ts'
import type { Duration } from './time.ts'

/** PEM text or DER bytes. */
export type PEM = string | Uint8Array

/** A version of TLS that may be spoken. */
export type TLSVersion = 'TLSv1.2' | 'TLSv1.3'

/** What one side proves itself with, and what it trusts. The names are Node's. */
export interface TLSCredentials {
  /** The private key. */
  readonly key?: PEM | undefined
  /** The certificate, with those between it and the authority behind it. */
  readonly cert?: PEM | undefined
  /** What opens the key. */
  readonly passphrase?: string | undefined
  /** The authorities that are trusted. @defaultValue those that Node comes with */
  readonly ca?: PEM | readonly PEM[] | undefined
  /** Parameters of Diffie and Hellman; `'auto'` for well-known ones. */
  readonly dhparam?: PEM | undefined
  /** @defaultValue 'TLSv1.2' */
  readonly minVersion?: TLSVersion | undefined
  readonly maxVersion?: TLSVersion | undefined
  /** Ciphers in OpenSSL's form. @defaultValue Node's */
  readonly ciphers?: string | undefined
}

/** How a server speaks TLS. */
export interface TLSServerOptions extends TLSCredentials {
  /** Other credentials for some server names; a name may begin with `*.`. */
  readonly serverNames?: Readonly<Record<string, TLSCredentials>> | undefined
  /** Protocols for the connection, the preferred one first; a client that knows none of them is refused. */
  readonly ALPNProtocols?: readonly string[] | undefined
  /** Asks clients for a certificate. @defaultValue false */
  readonly requestCert?: boolean | undefined
  /** With `requestCert`, refuses those without one that is trusted. @defaultValue true */
  readonly rejectUnauthorized?: boolean | undefined
}

/** How a client speaks TLS. */
export interface TLSClientOptions extends TLSCredentials {
  /** The name that the certificate must be for. @defaultValue the host that is connected to */
  readonly servername?: string | undefined
  /** Refuses servers whose certificate is not trusted, or for another name. @defaultValue true */
  readonly rejectUnauthorized?: boolean | undefined
  /** Protocols for the connection, the preferred one first. */
  readonly ALPNProtocols?: readonly string[] | undefined
}

/** Options of `listenSSL`. */
export interface SSLListenOptions extends TCPListenOptions {
  /** How long a handshake may take before the connection is closed. @defaultValue '10s' */
  readonly handshakeTimeout?: Duration | undefined
}

/** Options of `connectSSL`. */
export interface SSLConnectOptions extends TCPConnectOptions {
  /** How long the handshake may take. @defaultValue '10s' */
  readonly handshakeTimeout?: Duration | undefined
}

/** TLS servers and clients. */
export interface IReactorSSL {
  /**
   * Listens on a port; connections are served once their handshake is done.
   *
   * @throws CannotListenError (as a rejection)
   */
  listenSSL(
    port: number,
    handler: ConnectionHandler,
    tls: TLSServerOptions,
    options?: SSLListenOptions,
  ): Promise<IListeningPort>
  /** Begins to connect; a protocol is built once the handshake is done, and a handshake that fails is a failed attempt. */
  connectSSL(
    host: string,
    port: number,
    factory: IClientFactory,
    tls: TLSClientOptions,
    options?: SSLConnectOptions,
  ): IConnector
}

/** A port whose credentials can be exchanged while it listens. */
export interface ITLSPort {
  /**
   * For all handshakes from now on; connections that stand are left alone.
   *
   * @throws when the new ones do not fit together; the old ones stay
   */
  setTLSOptions(tls: TLSServerOptions): void
}

/** Options of `startTLS`: those of the side that this is. */
export type StartTLSOptions = (
  | ({ readonly isServer: true } & TLSServerOptions)
  | ({ readonly isServer?: false | undefined } & TLSClientOptions)
) & {
  /** How long the handshake may take before the connection is closed. @defaultValue '10s' */
  readonly handshakeTimeout?: Duration | undefined
  /** Bytes of the handshake that have come already: those after what asked for it, when both came in one chunk. */
  readonly received?: Uint8Array | undefined
}

/** A connection that can be made private while it runs. */
export interface ITLSTransport {
  /**
   * What was written before is sent as it is, what is written from now on is private. The protocol is told by
   * `handshakeCompleted`, or, when the handshake fails, that the connection is lost.
   */
  startTLS(options: StartTLSOptions): void
}

/** What is known of a private connection after its handshake. */
export interface TLSInfo {
  /** Such as `'TLSv1.3'`. */
  readonly version: string
  /** What both sides agreed on by ALPN. */
  readonly alpnProtocol: string | undefined
  /** Whether the other side has proved who it is. */
  readonly authorized: boolean
  /** The name that the client asked for. */
  readonly servername: string | undefined
  /** The other side's certificate in DER. */
  readonly peerCertificate: Uint8Array | undefined
}

/** A connection that says how private it is. */
export interface ISSLTransport {
  /** `undefined` while it is not private. */
  getTLSInfo(): TLSInfo | undefined
}

/** A protocol that wants to know when the handshake is done. */
export interface IHandshakeListener {
  /** The handshake is done. Comes after `makeConnection`, before any data. */
  handshakeCompleted(): void
}
