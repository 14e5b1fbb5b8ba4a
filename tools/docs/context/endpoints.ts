/**
 * Around the examples of `@sennit/endpoints`.
 *
 * @module
 */
import { clientFromString, type serverFromString, TLSClientEndpoint as Original } from '@sennit/endpoints'
import type { ConnectionHandler } from '@sennit/interfaces'
import { ca, cert, key, world } from './common.ts'

export { Echo as Greeter } from './common.ts'

export const path = '/run/app/control.sock'
export const GatewayEndpoint = class {
  constructor(_host: string) {
    return clientFromString('tcp:127.0.0.1:7')
  }
} as unknown as new (host: string) => ReturnType<typeof clientFromString>
export const LoggedEndpoint = class {
  constructor(inner: ReturnType<typeof serverFromString>) {
    return inner
  }
} as unknown as new (inner: ReturnType<typeof serverFromString>) => ReturnType<typeof serverFromString>

/** Looks on at what goes by. */
export const logged = (inner: ConnectionHandler): ConnectionHandler => inner

/** Trusts our authority unless told otherwise; no real one can be had here. */
export class TLSClientEndpoint extends Original {
  constructor(host: string, port: number, options: ConstructorParameters<typeof Original>[2] = { ca }) {
    super(host, port, options)
  }
}

// What a service manager gives.
world.inherit('tcp:0.0.0.0:80')
world.inherit('tcp:[::]:80', 'http')
world.files.write('key.pem', key)
world.files.write('cert.pem', cert)
