"""Twisted's answers to questions that Sennit is asked too. Reads `{table, cases}` from stdin, writes one answer a case."""
import json
import sys

from twisted.application.internet import backoffPolicy
from twisted.internet import defer, endpoints, task
from twisted.internet.protocol import ReconnectingClientFactory
from twisted.internet.testing import MemoryReactor, StringTransport
from twisted.protocols import basic


def backoff(case):
    jitter = case.pop("jitter")
    failures = case.pop("failures")
    policy = backoffPolicy(jitter=lambda: jitter, **case)
    return [policy(n) for n in failures]


class Connector:
    def connect(self):
        pass

    def stopConnecting(self):
        pass


def reconnecting(case):
    """The delays of a factory whose attempts fail, one after another, without noise."""
    factory = ReconnectingClientFactory()
    factory.noisy, factory.jitter, factory.clock = False, None, task.Clock()
    factory.initialDelay = factory.delay = case["initialDelay"]
    factory.maxDelay, factory.factor, factory.maxRetries = case["maxDelay"], case["factor"], case["maxRetries"]
    delays = []
    for reset in case["resets"]:
        if reset:
            factory.resetDelay()
        factory.clientConnectionFailed(Connector(), None)
        calls = factory.clock.getDelayedCalls()
        delays.append(calls[0].getTime() - factory.clock.seconds() if calls else None)
        if calls:
            factory.clock.advance(calls[0].getTime() - factory.clock.seconds())
    return delays


def outcome_of(deferred, told):
    deferred.addCallbacks(lambda _: told.append("done"), lambda failure: told.append(failure.type.__name__))


class Loop:
    """One LoopingCall on a manual clock; each run takes its time, and may go on asynchronously or fail, as the case says."""

    def __init__(self, case):
        self.clock = task.Clock()
        self.case = case
        self.runs, self.told, self.count, self.pending = [], [], 0, None
        make = task.LoopingCall.withCount if case["withCount"] else task.LoopingCall
        self.loop = make(self.run)
        self.loop.clock = self.clock
        self.start()

    def start(self):
        outcome_of(self.loop.start(self.case["interval"], now=self.case["now"]), self.told)

    def run(self, count=None):
        self.runs.append([self.clock.seconds(), count])
        wish = self.case["runs"][self.count % len(self.case["runs"])]
        self.count += 1
        self.clock.advance(wish["takes"])
        if wish.get("fails"):
            raise RuntimeError
        if wish.get("waits"):
            self.pending = defer.Deferred()
            return self.pending

    def act(self, action):
        do = action["do"]
        if do == "advance":
            self.clock.advance(action["by"])
        elif do == "reset":
            self.loop.reset()
        elif do == "stop":
            self.loop.stop()
        elif do == "interval":
            self.loop.interval = action["to"]
        elif do == "start" and not self.loop.running and self.pending is None:
            self.start()
        elif do == "settle" and self.pending:
            pending, self.pending = self.pending, None
            pending.callback(None)

    def after(self, action):
        threw = False
        try:
            self.act(action)
        except (AssertionError, RuntimeError):
            threw = True
        runs, self.runs = self.runs, []
        return {
            "threw": threw,
            "runs": runs,
            "next": [call.getTime() for call in self.clock.getDelayedCalls()],
            "running": self.loop.running,
            "told": list(self.told),
        }


def loops(case):
    loop = Loop(case)
    return [loop.after({"do": "nothing"})] + [loop.after(action) for action in case["actions"]]


class Tick:
    """What a scheduler returns: the tick that is due, until it is cancelled."""

    def __init__(self, tick):
        self.tick = tick

    def cancel(self):
        self.tick = None


class Turns:
    """A cooperator whose ticks run when they are told to, each for so many steps."""

    def __init__(self):
        self.due, self.steps = None, 1
        self.cooperator = task.Cooperator(self.terminator, self.schedule)

    def schedule(self, tick):
        self.due = Tick(tick)
        return self.due

    def terminator(self):
        left = [self.steps]

        def over():
            left[0] -= 1
            return left[0] <= 0

        return over

    def tick(self, steps):
        due, self.due, self.steps = self.due, None, steps
        if due and due.tick:
            due.tick()


def turns(case):
    """Which task does a step when, with so many tasks that never end, and so many steps for each tick."""
    made, trace = Turns(), []

    def work(name):
        while True:
            trace.append(name)
            yield

    for name in range(case["tasks"]):
        made.cooperator.cooperate(work(name))
    for steps in case["ticks"]:
        made.tick(steps)
    return trace


def tasks(case):
    """How one task takes what is done to it."""
    made, told, waits, steps, paused, failed = Turns(), [], [], [0], 0, False

    def work():
        for wish in case["steps"]:
            steps[0] += 1
            if wish == "wait":
                waits.append(defer.Deferred())
                yield waits[-1]
            elif wish == "fail":
                raise RuntimeError
            else:
                yield None

    cooperative = made.cooperator.cooperate(work())
    outcome_of(cooperative.whenDone(), told)

    def act(do):
        nonlocal failed
        if do == "tick":
            made.tick(1)
        elif do == "settle" and waits:
            waits.pop().callback(None)
        elif do == "fail" and waits:
            failed = True
            waits.pop().errback(RuntimeError())
        elif do in ("pause", "stop"):
            getattr(cooperative, do)()
        elif do == "resume":
            # A wait counts as a pause, so that this would end the wait, or be silent after one that failed; Sennit refuses it.
            if not paused and (waits or failed):
                raise task.NotPaused()
            cooperative.resume()

    answer = []
    for do in case["actions"]:
        threw = None
        try:
            act(do)
            paused += {"pause": 1, "resume": -1}.get(do, 0)
        except Exception as error:
            threw = type(error).__name__
            # A task that was stopped during a wait counts as failed when the wait fails; in Sennit it stays as it ended.
            if threw == "TaskFailed" and told == ["TaskStopped"]:
                threw = "TaskStopped"
        answer.append({"threw": threw, "steps": steps[0], "told": list(told)})
    return answer


FRAMINGS = {
    "Lines": basic.LineReceiver,
    "OnlyLines": basic.LineOnlyReceiver,
    "Netstrings": basic.NetstringReceiver,
    "Int8": basic.Int8StringReceiver,
    "Int16": basic.Int16StringReceiver,
    "Int32": basic.Int32StringReceiver,
}


def framing(case):
    """The messages in a stream of bytes that comes in chunks, and whether the connection is closed for what is in it."""
    received = []

    class Receiver(FRAMINGS[case["kind"]]):
        MAX_LENGTH = case["limit"]

        def stringReceived(self, message):
            received.append(message.hex())

        lineReceived = stringReceived

    protocol, transport = Receiver(), StringTransport()
    protocol.makeConnection(transport)
    for chunk in case["chunks"]:
        if not transport.disconnecting:
            protocol.dataReceived(bytes.fromhex(chunk))
    return {"received": received, "closed": transport.disconnecting}


def plain(value):
    return value.decode() if isinstance(value, bytes) else value


def servers(description):
    """What the reactor is asked for when an endpoint of this description listens; or that it cannot be read."""
    reactor = MemoryReactor()
    try:
        endpoints.serverFromString(reactor, description).listen(None)
    except Exception as error:
        return {"error": type(error).__name__}
    if reactor.tcpServers:
        port, _, backlog, interface = reactor.tcpServers[0]
        return {"tcp": {"port": port, "backlog": backlog, "interface": interface}}
    path, _, backlog, mode, lock = reactor.unixServers[0]
    return {"unix": {"path": plain(path), "backlog": backlog, "mode": mode, "wantPID": bool(lock)}}


def clients(description):
    """The same for an endpoint that connects."""
    reactor = MemoryReactor()
    try:
        endpoints.clientFromString(reactor, description).connect(None)
    except Exception as error:
        return {"error": type(error).__name__}
    if reactor.tcpClients:
        host, port, _, timeout, bind = reactor.tcpClients[0]
        return {"tcp": {"host": plain(host), "port": port, "timeout": timeout, "bindAddress": plain(bind[0]) if bind else None}}
    path, _, timeout, lock = reactor.unixClients[0]
    return {"unix": {"path": plain(path), "timeout": timeout, "checkPID": bool(lock)}}


def fields(description):
    """The fields of a description: positional ones, and those with a name."""
    try:
        positional, named = endpoints._parse(description)
    except Exception as error:
        return {"error": type(error).__name__}
    return {"positional": positional, "named": named}


def quotes(text):
    return endpoints.quoteStringArgument(text)


if __name__ == "__main__":
    asked = json.load(sys.stdin)
    answer = globals()[asked["table"]]
    json.dump([answer(case) for case in asked["cases"]], sys.stdout)
