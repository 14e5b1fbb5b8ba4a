"""What Twisted is asked to do beside the packages: `figures.py NAME NUMBER...`. Prints what it has measured, as JSON."""

import json
import os
import random
import subprocess
import sys
import time

from twisted.application import service
from twisted.application.internet import ClientService, TimerService, backoffPolicy
from twisted.internet import defer, endpoints, protocol, reactor, task

cpu = time.process_time


def done(figures):
    print(json.dumps(figures), flush=True)
    os._exit(0)


def nothing():
    pass


def start(n):
    begin = cpu()
    timers = [TimerService(3600, nothing) for _ in range(n)]
    for timer in timers:
        timer.startService()
    done({"time": (cpu() - begin) / n * 1e9})


def tick(n, warm_up, seconds):
    ticks = [0]

    def count():
        ticks[0] += 1

    loops = [task.LoopingCall(count) for _ in range(n)]
    for loop in loops:
        loop.start(1, now=False)

    def begin():
        before, at = ticks[0], cpu()
        reactor.callLater(seconds, lambda: done({"cpu": (cpu() - at) / (ticks[0] - before) * 1e6}))

    reactor.callLater(warm_up, begin)
    reactor.run()


def keep(milliseconds, seconds):
    ticks = [0]
    last = [0.0]

    def count():
        ticks[0] += 1
        last[0] = time.monotonic()

    begin = time.monotonic()
    task.LoopingCall(count).start(milliseconds / 1000, now=False)
    reactor.callLater(
        seconds, lambda: done({"rate": ticks[0] * milliseconds / 1000 / (last[0] - begin) * 100})
    )
    reactor.run()


def steps(total):
    def work(count):
        for _ in range(count):
            yield None

    cooperator = task.Cooperator()
    gaps = []
    last = [time.monotonic()]

    def gap():
        now = time.monotonic()
        gaps.append(now - last[0])
        last[0] = now

    task.LoopingCall(gap).start(0.001)

    def begin():
        del gaps[:]
        at = cpu()
        tasks = [cooperator.cooperate(work(total // 100)) for _ in range(100)]

        def finished(_):
            used = cpu() - at
            reactor.callLater(0.005, lambda: done({"rate": total / used / 1e6, "gap": percentile(gaps)}))

        defer.gatherResults([each.whenDone() for each in tasks]).addCallback(finished)

    reactor.callLater(0.01, begin)
    reactor.run()


def percentile(values):
    return sorted(values)[int(len(values) * 0.99)] * 1000 if values else 0


def tree(n, stop=None):
    class Leaf(service.Service):
        def stopService(self):
            service.Service.stopService(self)
            return stop() if stop else None

    parent = service.MultiService()
    for i in range(n):
        leaf = Leaf()
        leaf.setName("child %d" % i)
        leaf.setServiceParent(parent)
    begin = cpu()
    parent.startService()
    middle = cpu()
    ended = []
    parent.stopService().addCallback(lambda _: ended.append(cpu()))
    done({"start": (middle - begin) / n * 1e9, "stop": (ended[0] - middle) / n * 1e9})


def policy(calls):
    delay = backoffPolicy()
    begin = cpu()
    for i in range(calls):
        delay(i % 20)
    done({"rate": calls / (cpu() - begin) / 1e6})


class Kept(protocol.Protocol):
    connected = 0

    def connectionMade(self):
        Kept.connected += 1

    def connectionLost(self, reason):
        Kept.connected -= 1


def reconnect(n, dead):
    attempts = [0]
    delay = backoffPolicy()

    def counted(failures):
        attempts[0] += 1
        return delay(failures)

    def serve(*port):
        server = subprocess.Popen([os.environ["EPOLL"], "serve", *port], stdout=subprocess.PIPE)
        return server, json.loads(server.stdout.readline())["port"]

    server, port = serve()
    factory = protocol.Factory.forProtocol(Kept)
    endpoint = endpoints.TCP4ClientEndpoint(reactor, "127.0.0.1", port)
    clients = [ClientService(endpoint, factory, retryPolicy=counted) for _ in range(n)]

    def until(condition, then):
        if condition():
            then()
        else:
            reactor.callLater(0.01, until, condition, then)

    def connect(first):
        for client in clients[first : first + 100]:
            client.startService()
        if first + 100 < n:
            until(lambda: Kept.connected > first + 50, lambda: connect(first + 100))
        else:
            until(lambda: Kept.connected == n, kill)

    def kill():
        first, begin = attempts[0], cpu()
        server.kill()
        server.wait()

        def again():
            second, _ = serve(str(port))

            def finished():
                used, made = cpu() - begin, attempts[0] - first
                second.kill()
                done({"cpu": used / made * 1e6, "attempts": made / n})

            until(lambda: Kept.connected == n, finished)

        until(lambda: Kept.connected == 0, lambda: reactor.callLater(dead, again))

    connect(0)
    reactor.run()


NAMES = {
    "start": start,
    "tick": tick,
    "keep": keep,
    "steps": steps,
    "tree": tree,
    "tree-async": lambda n: tree(n, lambda: defer.succeed(None)),
    "policy": policy,
    "reconnect": reconnect,
}

random.seed(1)
numbers = [float(each) if "." in each else int(each) for each in sys.argv[2:]]
NAMES[sys.argv[1]](*numbers)
