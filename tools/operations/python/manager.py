"""A service manager in small: it holds a listening socket, and runs generations of a program on it, as systemd does.

Commands on standard input, one a line: `start ARGS` starts a generation and answers `ready PID` when it has said READY=1, or
`ended PID CODE`; `stop PID` sends SIGTERM and answers `ended PID CODE`. The first line that it prints is the port.
"""
import os
import select
import shlex
import shutil
import signal
import socket
import sys
import tempfile

folder = tempfile.mkdtemp(prefix='sennit-manager-')
listener = socket.socket()
listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
listener.bind(('127.0.0.1', 0))
listener.listen(4096)
print(listener.getsockname()[1], flush=True)


def start(command, notify_path):
    pid = os.fork()
    if pid == 0:
        saved = os.dup(listener.fileno())
        os.dup2(saved, 3, inheritable=True)
        # What it prints is no answer of mine.
        os.dup2(2, 1)
        environment = dict(
            os.environ, LISTEN_PID=str(os.getpid()), LISTEN_FDS='1', LISTEN_FDNAMES='web', NOTIFY_SOCKET=notify_path
        )
        os.execvpe(command[0], command, environment)
    return pid


def code_of(status):
    return os.WEXITSTATUS(status) if os.WIFEXITED(status) else -os.WTERMSIG(status)


def wait_until_ready(pid, notify):
    while True:
        readable, _, _ = select.select([notify], [], [], 0.05)
        if readable and b'READY=1' in notify.recv(65536):
            return f'ready {pid}'
        ended, status = os.waitpid(pid, os.WNOHANG)
        if ended:
            return f'ended {pid} {code_of(status)}'


running = {}
for line in sys.stdin:
    verb, *args = shlex.split(line)
    if verb == 'start':
        path = f'{folder}/notify-{os.urandom(4).hex()}'
        notify = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        notify.bind(path)
        pid = start(args, path)
        running[pid] = notify
        print(wait_until_ready(pid, notify), flush=True)
    elif verb == 'stop':
        pid = int(args[0])
        os.kill(pid, signal.SIGTERM)
        _, status = os.waitpid(pid, 0)
        running.pop(pid).close()
        print(f'ended {pid} {code_of(status)}', flush=True)

for pid in running:
    os.kill(pid, signal.SIGKILL)
shutil.rmtree(folder)
