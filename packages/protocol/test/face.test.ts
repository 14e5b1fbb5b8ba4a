import { describe, expect, it } from 'vitest'
import * as face from '../src/index.ts'
import * as internal from '../src/internal.ts'

describe('the face of the package', () => {
  it('has these exports', () => {
    expect(Object.keys(face).toSorted()).toMatchInlineSnapshot(`
      [
        "AlreadyListened",
        "BadFileError",
        "BindError",
        "BytesError",
        "CannotListenError",
        "ClientFactory",
        "ConnectBindError",
        "ConnectError",
        "ConnectInProgressError",
        "ConnectingCancelledError",
        "ConnectionAborted",
        "ConnectionClosed",
        "ConnectionDone",
        "ConnectionLost",
        "ConnectionRefusedError",
        "ConnectionTimeoutError",
        "DNSLookupError",
        "DatagramProtocol",
        "DelimiterError",
        "DuplexProtocol",
        "Factory",
        "FileDescriptorOverrun",
        "HandlerError",
        "HostnameAddress",
        "IPv4Address",
        "IPv6Address",
        "InvalidAddressError",
        "LineLengthError",
        "LineOnlyReceiver",
        "LineReceiver",
        "MaxLengthError",
        "MessageLengthError",
        "NoProtocolError",
        "NoRouteError",
        "NotConnectingError",
        "NotListeningError",
        "ProducerRegisteredError",
        "Protocol",
        "ReactorAlreadyInstalledError",
        "ReactorAlreadyRunning",
        "ReactorNotRestartable",
        "ReactorNotRunning",
        "SSLError",
        "ServiceNameUnknownError",
        "TCPTimedOutError",
        "UNIXAddress",
        "UnknownHostError",
        "UnsupportedAddressFamily",
        "UnsupportedSocketType",
        "UserError",
        "connectErrorFrom",
        "connectionLostFrom",
        "duplexFactory",
        "handler",
        "handlerKind",
        "internetAddress",
        "lines",
        "parseAddress",
      ]
    `)
  })

  it('has these exports for its siblings', () => {
    expect(Object.keys(internal).toSorted()).toMatchInlineSnapshot(`
      [
        "ConnectionContext",
        "ConnectionSet",
        "StreamSession",
        "assertBytes",
      ]
    `)
  })
})
