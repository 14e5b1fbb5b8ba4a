/**
 * The client's side of TLS.
 *
 * @module
 */
import type { Socket } from 'node:net'
import type { SecureContext } from 'node:tls'
import type { TLSClientOptions } from '@sennit/interfaces'
import { TLSOptionsError } from '@sennit/protocol'
import { secureContext } from './tls-credentials.ts'
import { Handshake, type HandshakeLimit, type HandshakeOutcome, type TLSSide } from './tls-handshake.ts'
import { alpnProtocols, peerName } from './tls-names.ts'
import { HIGH_WATER_MARK } from './producer-slot.ts'

/** Begins handshakes with one set of options. */
export class TLSInitiator implements TLSSide {
  readonly #context: SecureContext
  readonly #options: object

  /**
   * @param action - what cannot be done otherwise, such as `'connect'`
   * @param host - whose certificate is expected, when the options do not say
   * @throws TLSOptionsError (`ERR_SENNIT_TLS_OPTIONS`)
   */
  constructor(action: string, tls: TLSClientOptions, host: string | undefined) {
    const { servername: name = host, rejectUnauthorized = true } = tls
    const peer = name === undefined ? undefined : peerName(name)
    // Of no name, Node makes 'localhost'.
    if (peer?.host === '' || (peer === undefined && rejectUnauthorized)) {
      throw new TLSOptionsError(action, 'servername', 'the name that the certificate must be for')
    }
    this.#context = secureContext(action, tls)
    this.#options = {
      ...peer,
      ...alpnProtocols(action, tls.ALPNProtocols),
      rejectUnauthorized,
      highWaterMark: HIGH_WATER_MARK,
    }
  }

  begin(socket: Socket, outcome: HandshakeOutcome, limit: HandshakeLimit): Handshake {
    const { connect } = process.getBuiltinModule('node:tls')
    const handshake = new Handshake(socket, outcome, limit)
    const secure = connect({ ...this.#options, socket, secureContext: this.#context })
    const failed = (error: Error) => handshake.fail(error)
    secure.on('error', failed)
    secure.once('secureConnect', () => {
      handshake.done(secure)
      secure.off('error', failed)
    })
    return handshake
  }
}
