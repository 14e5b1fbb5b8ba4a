"""A Twisted program that does what it is told, a line of JSON at a time: the other side of the tests."""
import json

from twisted.application.internet import ClientService
from twisted.internet import defer, endpoints, reactor, stdio
from twisted.internet.protocol import ConnectedDatagramProtocol, DatagramProtocol, Factory
from twisted.protocols.basic import LineReceiver

from conversations import KINDS, address

things = []


def kept(thing):
    things.append(thing)
    return len(things) - 1


class Conversations(Factory):
    """Builds conversations of one kind; their reports wait here until somebody asks."""

    noisy = False

    def __init__(self, kind, wishes):
        self.kind, self.wishes, self.reports = KINDS[kind], wishes, defer.DeferredQueue()

    def buildProtocol(self, _):
        protocol = self.kind()
        protocol.begin(self.wishes, self.reports.put)
        return protocol


async def listen(at, kind, wishes):
    factory = Conversations(kind, wishes)
    port = await endpoints.serverFromString(reactor, at).listen(factory)
    return {"thing": kept((port, factory.reports)), **address(port.getHost())}


async def connect(to, kind, wishes):
    factory = Conversations(kind, wishes)
    protocol = await endpoints.clientFromString(reactor, to).connect(factory)
    return {"thing": kept((protocol, factory.reports)), **address(protocol.transport.getPeer())}


async def maintain(to, kind, wishes):
    factory = Conversations(kind, wishes)
    service = ClientService(endpoints.clientFromString(reactor, to), factory, retryPolicy=lambda _: 0.02)
    service.startService()
    return {"thing": kept((service, factory.reports))}


async def end(thing):
    await things[thing][0].stopService()


async def report(thing):
    return await things[thing][1].get()


async def waiting(thing):
    return things[thing][1].pending


async def stop(thing):
    await defer.maybeDeferred(things[thing][0].stopListening)


async def close(thing):
    things[thing][0].transport.loseConnection()


class Datagrams(DatagramProtocol):
    """Answers each datagram with its reverse, and keeps what has come."""

    noisy = False

    def __init__(self, reverse):
        self.reverse, self.reports = reverse, defer.DeferredQueue()

    def datagramReceived(self, datagram, sender):
        place = {"path": sender.decode()} if isinstance(sender, bytes) else {"path": sender}
        if isinstance(sender, tuple):
            place = {"host": sender[0], "port": sender[1]}
        self.reports.put({"datagram": datagram.hex(), "from": place})
        if self.reverse:
            self.transport.write(datagram[::-1], sender)


class ConnectedDatagrams(ConnectedDatagramProtocol):
    noisy = False

    def __init__(self):
        self.reports = defer.DeferredQueue()

    def datagramReceived(self, datagram):
        self.reports.put({"datagram": datagram.hex()})

    def connectionFailed(self, failure):
        self.reports.put({"failed": failure.type.__name__})


async def listenUDP(reverse, port=0, interface="127.0.0.1"):
    protocol = Datagrams(reverse)
    bound = reactor.listenUDP(port, protocol, interface)
    return {"thing": kept((bound, protocol.reports)), **address(bound.getHost())}


async def listenMulticast(group, reverse, interface="127.0.0.1"):
    protocol = Datagrams(reverse)
    bound = reactor.listenMulticast(0, protocol, listenMultiple=True)
    await protocol.transport.joinGroup(group, interface)
    protocol.transport.setOutgoingInterface(interface)
    return {"thing": kept((bound, protocol.reports)), **address(bound.getHost())}


async def listenUNIXDatagram(path, reverse):
    protocol = Datagrams(reverse)
    bound = reactor.listenUNIXDatagram(path, protocol)
    return {"thing": kept((bound, protocol.reports))}


async def connectUNIXDatagram(path, bindAddress):
    protocol = ConnectedDatagrams()
    bound = reactor.connectUNIXDatagram(path, protocol, bindAddress=bindAddress)
    return {"thing": kept((bound, protocol.reports))}


async def write(thing, datagram, to=None):
    port = things[thing][0]
    where = [] if to is None else [(to[0], to[1]) if isinstance(to, list) else to]
    port.write(bytes.fromhex(datagram), *where)


ORDERS = {
    order.__name__: order
    for order in [
        listen,
        connect,
        maintain,
        end,
        report,
        waiting,
        stop,
        close,
        listenUDP,
        listenMulticast,
        listenUNIXDatagram,
        connectUNIXDatagram,
        write,
    ]
}


class Orders(LineReceiver):
    """One order a line, `{id, order, arguments}`; the answer carries the id."""

    delimiter = b"\n"
    MAX_LENGTH = 1 << 24

    def connectionMade(self):
        self.answer(None, {"ready": True})

    def lineReceived(self, line):
        wanted = json.loads(line)
        number = wanted["id"]
        result = defer.ensureDeferred(ORDERS[wanted["order"]](**wanted["arguments"]))
        result.addCallbacks(
            lambda value: self.answer(number, {"value": value}),
            lambda failure: self.answer(
                number, {"error": {"type": failure.type.__name__, "message": failure.getErrorMessage()}}
            ),
        )

    def answer(self, number, content):
        self.sendLine(json.dumps({"id": number, **content}).encode())

    def connectionLost(self, reason):
        if reactor.running:
            reactor.stop()


if __name__ == "__main__":
    reactor.callWhenRunning(stdio.StandardIO, Orders())
    reactor.run()
