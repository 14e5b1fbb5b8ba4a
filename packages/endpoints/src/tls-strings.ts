/**
 * The parsers of the type `tls`.
 *
 * Source: Twisted, `twisted/internet/endpoints.py`, `_parseClientTLS`.
 * Differs: there is a `tls` server, with server names and with new credentials while it runs.
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
import { asciiHost } from './ascii-host.ts'
import type { EndpointArguments } from './endpoint-arguments.ts'
import type { HostnameEndpointOptions } from './tcp-client-endpoint.ts'
import { tcpClientOptions } from './tcp-strings.ts'
import { TLSClientEndpoint } from './tls-client-endpoint.ts'
import { TLSClientFiles } from './tls-client-files.ts'
import { TLSServerEndpoint, type TLSServerEndpointOptions } from './tls-server-endpoint.ts'
import { TLSServerFiles, type TLSServerFilesOptions } from './tls-server-files.ts'
import { wrapClientTLS } from './wrap-client-tls.ts'

const VERSIONS: readonly TLSVersion[] = ['TLSv1.2', 'TLSv1.3']

const versionArgument: ArgumentKind<TLSVersion> = {
  wanted: "'TLSv1.2' or 'TLSv1.3'",
  read: (text) => VERSIONS.find((version) => version.toLowerCase() === text.toLowerCase()),
}

/** Names of ALPN, each of 1 to 255 bytes. */
const protocolsArgument: ArgumentKind<readonly string[]> = {
  wanted: 'names of protocols, separated by commas',
  read: (text) => {
    const names = text.split(',')
    return names.every((name) => /^[\x21-\x7e]{1,255}$/.test(name)) ? names : undefined
  },
}

/** The name that a certificate is for, in the form in which it stands there. @internal */
export const serverNameArgument: ArgumentKind<string> = { wanted: hostArgument.wanted, read: asciiHost }

const familyNumberArgument: ArgumentKind<4 | 6> = {
  wanted: '4 or 6',
  read: (text) => (text === '4' ? 4 : text === '6' ? 6 : undefined),
}

/**
 * `tls:PORT:privateKey=FILE[:certificate=FILE][:extraCertChain=FILE][:dhParameters=FILE][:serverNames=FOLDER]
 * [:minVersion=VERSION][:maxVersion=VERSION][:alpn=NAME,NAME][:interface=ADDRESS][:backlog=N][:handshakeTimeout=DURATION]
 * [:reload=DURATION]`; a `reload` of 0 reads the files once.
 */
export function tlsServer(args: EndpointArguments): TLSServerEndpoint {
  const port = args.required('port', portArgument)
  const privateKey = args.keyword('privateKey', fileArgument)
  const files = {
    privateKey,
    certificate: args.keyword('certificate', fileArgument),
    ...serverFiles(args),
    serverNames: args.keyword('serverNames', fileArgument),
  }
  if (privateKey === undefined && files.serverNames === undefined) {
    throw args.fault('privateKey', `${fileArgument.wanted} (or 'serverNames' that of a folder)`)
  }
  const options = serverOptions(args)
  return new TLSServerEndpoint(port, new TLSServerFiles(files), options)
}

/** What `tls` and `ssl` servers are told about TLS, apart from the key and the certificate. @internal */
export function serverFiles(args: EndpointArguments): TLSServerFilesOptions {
  return {
    extraCertChain: args.keyword('extraCertChain', fileArgument),
    dhParameters: args.keyword('dhParameters', fileArgument),
    minVersion: args.keyword('minVersion', versionArgument),
    maxVersion: args.keyword('maxVersion', versionArgument),
    ALPNProtocols: args.keyword('alpn', protocolsArgument),
  }
}

/** The options that `tls` and `ssl` servers have. @internal */
export function serverOptions(args: EndpointArguments): TLSServerEndpointOptions {
  const reload = args.keyword('reload', durationArgument)
  return {
    interface: args.keyword('interface', interfaceArgument),
    backlog: args.keyword('backlog', countArgument),
    handshakeTimeout: args.keyword('handshakeTimeout', durationArgument),
    reload: reload === 0 ? false : reload,
    reactor: args.reactor,
  }
}

/**
 * `tls:HOST:PORT` and what `tcp` has, `[:certificate=FILE][:privateKey=FILE][:trustRoots=FOLDER|FILE][:servername=NAME]
 * [:alpn=NAME,NAME][:family=4|6][:handshakeTimeout=DURATION]`; or `tls:HOST:endpoint=DESCRIPTION`, where HOST is only the name
 * that the certificate must be for.
 */
export function tlsClient(args: EndpointArguments<IStreamClientEndpoint>): IStreamClientEndpoint {
  const host = args.required('host', hostArgument)
  const inner = args.endpoint('endpoint')
  const port = inner ? args.optional('port', remotePortArgument) : args.required('port', remotePortArgument)
  const credentials = {
    certificate: args.keyword('certificate', fileArgument),
    privateKey: args.keyword('privateKey', fileArgument),
    trustRoots: args.keyword('trustRoots', fileArgument),
    ALPNProtocols: args.keyword('alpn', protocolsArgument),
  }
  const handshakeTimeout = args.keyword('handshakeTimeout', durationArgument)
  if (inner) {
    const tls = new TLSClientFiles({ ...credentials, servername: asciiHost(host) })
    return wrapClientTLS(tls, inner, { handshakeTimeout, reactor: args.reactor })
  }
  const servername = args.keyword('servername', serverNameArgument)
  const tls = new TLSClientFiles({ ...credentials, servername })
  return new TLSClientEndpoint(host, port!, tls, { ...privateClientOptions(args), handshakeTimeout })
}

/** The options of TCP that `tls` and `ssl` clients have. @internal */
export function privateClientOptions(args: EndpointArguments): HostnameEndpointOptions {
  return { ...tcpClientOptions(args), family: args.keyword('family', familyNumberArgument) }
}
