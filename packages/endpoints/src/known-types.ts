/**
 * The types of endpoint strings that are built in, and those that are added to them.
 *
 * Source: Twisted, `twisted/internet/endpoints.py`, `_serverParsers`, `_endpointClientPlugins`.
 *
 * @module
 */
import type { IStreamClientEndpoint, IStreamServerEndpoint } from '@sennit/interfaces'
import { fdServer, systemdServer } from './adopted-strings.ts'
import { EndpointTypes } from './endpoint-types.ts'
import { haproxyServer } from './haproxy-strings.ts'
import { sslClient, sslServer } from './ssl-strings.ts'
import { tcp4Client, tcp6Client, tcp6Server, tcpClient, tcpServer } from './tcp-strings.ts'
import { tlsClient, tlsServer } from './tls-strings.ts'
import { unixClient, unixServer } from './unix-strings.ts'

/** The types of `serverFromString`. */
export const serverEndpointTypes: EndpointTypes<IStreamServerEndpoint> =
  /* @__PURE__ */ new EndpointTypes<IStreamServerEndpoint>('server', {
    tcp: tcpServer,
    tcp6: tcp6Server,
    tls: tlsServer,
    ssl: sslServer,
    unix: unixServer,
    systemd: systemdServer,
    fd: fdServer,
    haproxy: haproxyServer,
  })

/** The types of `clientFromString`. */
export const clientEndpointTypes: EndpointTypes<IStreamClientEndpoint> =
  /* @__PURE__ */ new EndpointTypes<IStreamClientEndpoint>('client', {
    tcp: tcpClient,
    tcp4: tcp4Client,
    tcp6: tcp6Client,
    tls: tlsClient,
    ssl: sslClient,
    unix: unixClient,
  })
