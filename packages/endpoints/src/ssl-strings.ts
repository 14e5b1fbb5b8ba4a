/**
 * The parsers of the type `ssl`: what `tls` is, in the words that came before it.
 *
 * Source: Twisted, `twisted/internet/endpoints.py`, `_parseSSL`, `_parseClientSSL`.
 * Differs: a client checks the server's name, also without `hostname`; versions of TLS before 1.2 are not spoken.
 *
 * @module
 */
import type { IStreamClientEndpoint, TLSVersion } from '@sennit/interfaces'
import {
  type ArgumentKind,
  countArgument,
  durationArgument,
  fileArgument,
  hostArgument,
  interfaceArgument,
  portArgument,
  remotePortArgument,
} from './argument-kinds.ts'
import type { EndpointArguments } from './endpoint-arguments.ts'
import { SSLClientEndpoint } from './tls-client-endpoint.ts'
import { TLSClientFiles } from './tls-client-files.ts'
import { SSL4ServerEndpoint } from './tls-server-endpoint.ts'
import { TLSServerFiles } from './tls-server-files.ts'
import { privateClientOptions, serverFiles, serverNameArgument, serverOptions } from './tls-strings.ts'

/** The methods of OpenSSL that speak a version that is still spoken. */
const METHODS: ReadonlyMap<string, TLSVersion | undefined> = new Map([
  ['TLS_METHOD', undefined],
  ['TLS_SERVER_METHOD', undefined],
  ['SSLV23_METHOD', undefined],
  ['TLSV1_2_METHOD', 'TLSv1.2'],
])

const methodArgument: ArgumentKind<{ readonly only: TLSVersion | undefined }> = {
  wanted: "'TLS_METHOD', 'SSLv23_METHOD' or 'TLSv1_2_METHOD' (what is older than TLS 1.2 is not spoken)",
  read: (text) => {
    const method = text.toUpperCase()
    return METHODS.has(method) ? { only: METHODS.get(method) } : undefined
  },
}

/**
 * `ssl:PORT[:privateKey=server.pem][:certKey=FILE][:sslmethod=METHOD][:interface=ADDRESS][:backlog=N][:extraCertChain=FILE]
 * [:dhParameters=FILE]`, and what else `tls` has but `serverNames`; without `reload`, the files are read once.
 */
export function sslServer(args: EndpointArguments): SSL4ServerEndpoint {
  const port = args.required('port', portArgument)
  const privateKey = args.optional('privateKey', fileArgument) ?? 'server.pem'
  const certificate = args.optional('certKey', fileArgument)
  const only = args.optional('sslmethod', methodArgument)?.only
  const local = args.optional('interface', interfaceArgument)
  const backlog = args.optional('backlog', countArgument)
  const extraCertChain = args.optional('extraCertChain', fileArgument)
  const dhParameters = args.optional('dhParameters', fileArgument)
  const { minVersion = only, maxVersion = only, ...files } = serverFiles(args)
  return new SSL4ServerEndpoint(
    port,
    new TLSServerFiles({
      ...files,
      privateKey,
      certificate,
      extraCertChain,
      dhParameters,
      minVersion,
      maxVersion,
    }),
    { ...serverOptions(args), interface: local, backlog },
  )
}

/**
 * `ssl:HOST:PORT` and what `tcp` has, `[:certKey=FILE][:privateKey=FILE][:caCertsDir=FOLDER][:hostname=NAME][:alpn=NAME,NAME]
 * [:family=4|6][:handshakeTimeout=DURATION]`.
 */
export function sslClient(args: EndpointArguments): IStreamClientEndpoint {
  const host = args.required('host', hostArgument)
  const port = args.required('port', remotePortArgument)
  const tls = new TLSClientFiles({
    certificate: args.keyword('certKey', fileArgument),
    privateKey: args.keyword('privateKey', fileArgument),
    caCertsDir: args.keyword('caCertsDir', fileArgument),
    servername: args.keyword('hostname', serverNameArgument),
  })
  const handshakeTimeout = args.keyword('handshakeTimeout', durationArgument)
  return new SSLClientEndpoint(host, port, tls, { ...privateClientOptions(args), handshakeTimeout })
}
