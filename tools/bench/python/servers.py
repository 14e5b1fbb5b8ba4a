"""Servers of Twisted that are put under load: `servers.py NAME`. Each prints its port."""

import json
import sys

from twisted.application.internet import StreamServerEndpointService
from twisted.internet import epollreactor

epollreactor.install()

from twisted.internet import endpoints, protocol, reactor, ssl  # noqa: E402


class Echo(protocol.Protocol):
    def connectionMade(self):
        self.transport.setTcpNoDelay(True)

    def dataReceived(self, data):
        self.transport.write(data)


class EchoDatagrams(protocol.DatagramProtocol):
    def datagramReceived(self, datagram, addr):
        self.transport.write(datagram, addr)


def announce(port):
    print(json.dumps({"port": port.getHost().port}), flush=True)


def certificate():
    key = ssl.KeyPair.generate(size=2048)
    return key.selfSignedCert(1, CN="localhost").options()


name = sys.argv[1]
if name == "udp":
    announce(reactor.listenUDP(0, EchoDatagrams(), interface="127.0.0.1"))
else:
    if name == "ssl":
        class EncryptedEcho(Echo):
            def connectionMade(self):
                pass

        endpoint = endpoints.SSL4ServerEndpoint(reactor, 0, certificate(), interface="127.0.0.1")
        factory = protocol.Factory.forProtocol(EncryptedEcho)
    else:
        endpoint = endpoints.TCP4ServerEndpoint(reactor, 0, interface="127.0.0.1")
        factory = protocol.Factory.forProtocol(Echo)
    service = StreamServerEndpointService(endpoint, factory)
    service.privilegedStartService()
    service.startService()
    service._waitingForPort.addCallback(announce)
reactor.run()
