"""What one side of a connection can be told to do. Each conversation is told its wishes as a dict, and reports when it is over."""
import hashlib

from twisted.internet import ssl
from twisted.internet.interfaces import IHalfCloseableProtocol, IPullProducer
from twisted.internet.protocol import Protocol
from twisted.protocols import basic
from zope.interface import implementer

BLOCK = bytes((i * 31 + (i >> 8)) & 255 for i in range(65536))


@implementer(IPullProducer)
class Blocks:
    """Sends so many bytes, a block each time the transport has taken the one before."""

    def __init__(self, transport, left, done):
        self.transport, self.left, self.done = transport, left, done
        transport.registerProducer(self, False)

    def resumeProducing(self):
        block = BLOCK[: self.left]
        self.left -= len(block)
        self.transport.write(block)
        if self.left == 0:
            self.transport.unregisterProducer()
            self.done()

    def stopProducing(self):
        pass


class Conversation:
    """The wishes of all kinds: what to report, and how to end."""

    def begin(self, wishes, report):
        self.wishes, self.report = wishes, report
        self.received = []

    def end(self):
        how = self.wishes.get("afterwards")
        if how == "end":
            self.transport.loseWriteConnection()
        elif how == "close":
            self.transport.loseConnection()
        elif how == "abort":
            self.transport.abortConnection()

    def connectionLost(self, reason):
        self.report({"reason": reason.type.__name__, **self.summary()})


class Talk(Conversation, Protocol):
    """Raw bytes: `send` or `blocks`, then `afterwards`, or `when` so many have come; `echo`; ends after `until`, or tells the `digest`."""

    length = 0

    def connectionMade(self):
        self.hash = hashlib.sha256()
        self.transport.write(bytes.fromhex(self.wishes.get("send", "")))
        if self.wishes.get("blocks"):
            Blocks(self.transport, self.wishes["blocks"], self.end)
        elif "when" not in self.wishes:
            self.end()

    def dataReceived(self, data):
        self.hash.update(data)
        self.length += len(data)
        if self.length <= 65536:
            self.received.append(data)
        if self.wishes.get("echo"):
            self.transport.write(data)
        if self.length == self.wishes.get("when"):
            self.end()
        if self.length == self.wishes.get("digest"):
            self.transport.write(self.hash.hexdigest().encode())
            self.transport.loseConnection()
        if self.length == self.wishes.get("until"):
            self.transport.loseConnection()

    def summary(self):
        return {
            "received": b"".join(self.received).hex(),
            "length": self.length,
            "sha256": self.hash.hexdigest(),
            "peer": address(self.transport.getPeer()),
        }


@implementer(IHalfCloseableProtocol)
class HalfCloseTalk(Talk):
    """The same, told of each direction: when the other side has ended, it says `last` and closes."""

    def readConnectionLost(self):
        self.transport.write(bytes.fromhex(self.wishes.get("last", "")))
        self.transport.loseConnection()

    def writeConnectionLost(self):
        pass


class Messages(Conversation):
    """Framed messages: sends those of `send`, answers each with its reverse when told to `reverse`, ends after `until`."""

    def connectionMade(self):
        for message in self.wishes.get("send", []):
            self.sendMessage(bytes.fromhex(message))

    def messageReceived(self, message):
        self.received.append(message.hex())
        if self.wishes.get("reverse"):
            self.sendMessage(message[::-1])
        if len(self.received) == self.wishes.get("until"):
            self.transport.loseConnection()

    def summary(self):
        return {"received": self.received}


class Lines(Messages, basic.LineReceiver):
    MAX_LENGTH = 1000

    def sendMessage(self, message):
        self.sendLine(message)

    def lineReceived(self, line):
        self.messageReceived(line)


class OnlyLines(Messages, basic.LineOnlyReceiver):
    MAX_LENGTH = 1000

    def sendMessage(self, message):
        self.sendLine(message)

    def lineReceived(self, line):
        self.messageReceived(line)


class Strings(Messages):
    def sendMessage(self, message):
        self.sendString(message)

    def stringReceived(self, string):
        self.messageReceived(string)


class Netstrings(Strings, basic.NetstringReceiver):
    pass


class Int8(Strings, basic.Int8StringReceiver):
    pass


class Int16(Strings, basic.Int16StringReceiver):
    pass


class Int32(Strings, basic.Int32StringReceiver):
    pass


class StartTLS(Lines):
    """Lines; the line STARTTLS is answered with GO, and what follows is private. A client with `authority` asks for it."""

    def connectionMade(self):
        if "authority" in self.wishes:
            self.sendLine(b"STARTTLS")

    def lineReceived(self, line):
        if line == b"STARTTLS":
            self.sendLine(b"GO")
            with open(self.wishes["pem"]) as file:
                self.transport.startTLS(ssl.PrivateCertificate.loadPEM(file.read()).options())
        elif line == b"GO":
            with open(self.wishes["authority"]) as file:
                trust = ssl.Certificate.loadPEM(file.read())
            self.transport.startTLS(ssl.optionsForClientTLS("localhost", trustRoot=trust))
            Messages.connectionMade(self)
        else:
            self.messageReceived(line)


KINDS = {
    kind.__name__: kind
    for kind in [Talk, HalfCloseTalk, Lines, OnlyLines, Netstrings, Int8, Int16, Int32, StartTLS]
}


def address(value):
    """An address as JSON."""
    if hasattr(value, "port"):
        return {"host": value.host, "port": value.port}
    name = getattr(value, "name", None)
    return {"name": name.decode() if isinstance(name, bytes) else name}
