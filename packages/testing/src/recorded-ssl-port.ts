/**
 * The listening port of `MemoryReactor.listenSSL`.
 *
 * @module
 */
import type { IAddress, ITLSPort, TLSServerOptions } from '@sennit/interfaces'
import { RecordedPort } from './recorded-port.ts'

/** A `RecordedPort` that keeps the credentials that it was given. */
export class RecordedSSLPort extends RecordedPort implements ITLSPort {
  /** The credentials: those of the beginning, then each that `setTLSOptions` was called with. */
  readonly tlsOptions: TLSServerOptions[]

  constructor(host: IAddress, tls: TLSServerOptions) {
    super(host)
    this.tlsOptions = [tls]
  }

  setTLSOptions(tls: TLSServerOptions): void {
    this.tlsOptions.push(tls)
  }
}
