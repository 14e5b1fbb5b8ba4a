/**
 * The server's side of TLS.
 *
 * Each handshake is Node's own: a TLS server that never listens is given the sockets by its public `'connection'` event. It hands
 * out the encrypted socket only when the handshake is done, and says nothing of the one underneath, so each socket is given
 * through an object of its own that inherits from the server.
 *
 * @module
 */
import type { Socket } from 'node:net'
import type { SecureContext, Server, TlsOptions, TLSSocket } from 'node:tls'
import type { TLSServerOptions } from '@sennit/interfaces'
import { SSLError, TLSOptionsError } from '@sennit/protocol'
import { alpnProtocols, isWildcard } from './tls-names.ts'
import { built, contextOptions, secureContext } from './tls-credentials.ts'
import { Handshake, type HandshakeLimit, type HandshakeOutcome, type TLSSide } from './tls-handshake.ts'

/** Node's own limit runs on real time, and leaves the sockets open. So it is as long as Node allows. */
const NODES_LIMIT = 2 ** 31 - 1

type Gate = Server & { readonly handshake: Handshake }

/** Accepts handshakes with one set of options. */
export class TLSAcceptor implements TLSSide {
  readonly #server: Server

  /**
   * @param action - what cannot be done otherwise, such as `'listen'`
   * @throws TLSOptionsError (`ERR_SENNIT_TLS_OPTIONS`)
   */
  constructor(action: string, tls: TLSServerOptions) {
    const { requestCert = false, rejectUnauthorized = true } = tls
    const names = contextsByName(action, tls)
    if (tls.cert === undefined && tls.key === undefined && names.size === 0) {
      throw new TLSOptionsError(action, 'cert', "given, with its 'key'")
    }
    const { createServer } = process.getBuiltinModule('node:tls')
    const credentials = contextOptions(action, tls)
    const options: TlsOptions = {
      ...credentials,
      ...alpnProtocols(action, tls.ALPNProtocols),
      ...(names.size === 0
        ? {}
        : { SNICallback: (name, callback) => callback(null, contextFor(names, name)) }),
      requestCert,
      rejectUnauthorized: requestCert && rejectUnauthorized,
      handshakeTimeout: NODES_LIMIT,
    }
    this.#server = built(action, credentials, () => createServer(options))
    this.#server.on('secureConnection', function (this: Server, secure: TLSSocket) {
      ;(this as Gate).handshake.doneSoon(secure)
    })
    this.#server.on('tlsClientError', function (this: Server, error: Error, secure: TLSSocket) {
      ;(this as Gate).handshake.fail(untrusted(secure) ?? error)
    })
  }

  begin(socket: Socket, outcome: HandshakeOutcome, limit: HandshakeLimit): Handshake {
    const handshake = new Handshake(socket, outcome, limit)
    const gate = Object.assign(Object.create(this.#server) as Server, { handshake })
    gate.emit('connection', socket)
    return handshake
  }
}

/** Node closes a connection whose certificate it does not trust without telling why. */
function untrusted({ authorizationError }: TLSSocket): SSLError | undefined {
  const code = authorizationError as unknown
  if (typeof code !== 'string') return undefined
  return new SSLError("the other side's certificate is not trusted", { code })
}

function contextsByName(action: string, tls: TLSServerOptions): Map<string, SecureContext> {
  const { key: _key, cert: _cert, passphrase: _passphrase, serverNames = {}, ...common } = tls
  const contexts = new Map<string, SecureContext>()
  for (const [name, credentials] of Object.entries(serverNames)) {
    const option = `serverNames[${JSON.stringify(name)}]`
    if (!isWildcard(name)) throw new TLSOptionsError(action, option, 'for a name in ASCII, or one behind *.')
    if (credentials.cert === undefined || credentials.key === undefined) {
      throw new TLSOptionsError(action, option, "with a 'cert' and its 'key'")
    }
    contexts.set(name.toLowerCase(), secureContext(action, { ...common, ...credentials }))
  }
  return contexts
}

/** The context for a name, or for one that stands for all in its domain; none means that of the server. */
function contextFor(
  contexts: ReadonlyMap<string, SecureContext>,
  servername: string,
): SecureContext | undefined {
  const name = servername.toLowerCase()
  return contexts.get(name) ?? contexts.get(name.replace(/^[^.]+/, '*'))
}
