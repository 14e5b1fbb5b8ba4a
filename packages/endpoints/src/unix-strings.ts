/**
 * The parsers of the type `unix`.
 *
 * Source: Twisted, `twisted/internet/endpoints.py`, `_parseUNIX`, `_parseClientUNIX`.
 * Differs: the mode is 660 unless told otherwise.
 *
 * @module
 */
import {
  countArgument,
  durationArgument,
  flagArgument,
  modeArgument,
  socketPathArgument,
} from './argument-kinds.ts'
import type { EndpointArguments } from './endpoint-arguments.ts'
import { UNIXClientEndpoint } from './unix-client-endpoint.ts'
import { UNIXServerEndpoint } from './unix-server-endpoint.ts'

/** `unix:PATH[:mode=OCTAL][:backlog=N][:lockfile=0|1]`; the lock file is on unless told otherwise. */
export function unixServer(args: EndpointArguments): UNIXServerEndpoint {
  return new UNIXServerEndpoint(args.required('address', socketPathArgument), {
    mode: args.optional('mode', modeArgument),
    backlog: args.optional('backlog', countArgument),
    wantPID: args.optional('lockfile', flagArgument) ?? true,
    reactor: args.reactor,
  })
}

/** `unix:PATH[:lockfile=0|1][:timeout=DURATION]`. */
export function unixClient(args: EndpointArguments): UNIXClientEndpoint {
  return new UNIXClientEndpoint(args.required('path', socketPathArgument), {
    checkPID: args.keyword('lockfile', flagArgument),
    timeout: args.keyword('timeout', durationArgument),
    reactor: args.reactor,
  })
}
