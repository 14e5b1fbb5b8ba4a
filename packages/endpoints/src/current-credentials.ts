/**
 * What a server proves itself with, for handshakes that are begun one by one: checked when it is put in use, as a port does.
 *
 * @module
 */
import type { createSecureContext } from 'node:tls'
import type { PEM, TLSCredentials, TLSServerOptions } from '@sennit/interfaces'

/** What every TLS structure in DER begins with. */
const SEQUENCE = 0x30

/** The credentials of one port. */
export class CurrentCredentials {
  #check: typeof createSecureContext | undefined
  #options: TLSServerOptions = {}

  /** What is in use now. It is frozen, so that the reactor can see that it is the same as for the connection before. */
  get options(): TLSServerOptions {
    return this.#options
  }

  /**
   * Puts the first in use.
   *
   * @throws when they do not fit together, as a rejection
   */
  async begin(tls: TLSServerOptions): Promise<void> {
    this.#check = (await import('node:tls')).createSecureContext
    this.use(tls)
  }

  /** @throws when they do not fit together; those before stay in use */
  use(tls: TLSServerOptions): void {
    for (const each of [tls, ...Object.values(tls.serverNames ?? {})]) this.#assertFits(each)
    this.#options = Object.freeze(
      Object.fromEntries(Object.entries(tls).map(([name, value]) => [name, frozen(value)])),
    )
  }

  /** What Node takes only as text is left to the reactor. */
  #assertFits({ key, cert, passphrase }: TLSCredentials): void {
    if (isDER(key) || isDER(cert)) return
    const given = { ...(key && { key: text(key) }), ...(cert && { cert: text(cert) }) }
    this.#check!({ ...given, ...(passphrase === undefined ? {} : { passphrase }) })
  }
}

function isDER(pem: PEM | undefined): boolean {
  return pem instanceof Uint8Array && pem[0] === SEQUENCE
}

function text(pem: PEM): string {
  return typeof pem === 'string' ? pem : new TextDecoder().decode(pem)
}

/** A copy that nobody can change; bytes are not copied. */
function frozen(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value
  if (Array.isArray(value)) return Object.freeze(value.map(frozen))
  return Object.freeze(Object.fromEntries(Object.entries(value).map(([name, each]) => [name, frozen(each)])))
}
