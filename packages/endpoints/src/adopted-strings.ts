/**
 * The parsers of the types `systemd` and `fd`.
 *
 * Source: Twisted, `twisted/internet/endpoints.py`, `_SystemdParser`.
 * Differs: there is a type `fd`.
 *
 * @module
 */
import { AdoptedStreamServerEndpoint } from './adopted-stream-server-endpoint.ts'
import { familyArgument, indexArgument, textArgument } from './argument-kinds.ts'
import type { EndpointArguments } from './endpoint-arguments.ts'
import { InheritedStreamServerEndpoint } from './inherited-stream-server-endpoint.ts'

/** `systemd:domain=INET|INET6|UNIX`, and `index=N` or `name=NAME`. */
export function systemdServer(args: EndpointArguments): InheritedStreamServerEndpoint {
  const family = args.required('domain', familyArgument)
  const index = args.optional('index', indexArgument)
  const name = args.keyword('name', textArgument)
  const { reactor } = args
  if (index !== undefined && name === undefined) {
    return new InheritedStreamServerEndpoint(family, { index }, { reactor })
  }
  if (name !== undefined && index === undefined) {
    return new InheritedStreamServerEndpoint(family, { name }, { reactor })
  }
  throw args.fault('name', "there if, and only if, 'index' is not", name)
}

/** `fd:DESCRIPTOR[:domain=INET|INET6|UNIX]`. */
export function fdServer(args: EndpointArguments): AdoptedStreamServerEndpoint {
  const fd = args.required('fd', indexArgument)
  const family = args.optional('domain', familyArgument) ?? 'INET'
  return new AdoptedStreamServerEndpoint(fd, family, { reactor: args.reactor })
}
