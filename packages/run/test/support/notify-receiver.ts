/** A real socket for what a service manager is told, read by a program of another language. */
import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Readable } from 'node:stream'

const PROGRAM = `
import json, socket, sys
name = sys.argv[1]
receiver = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
receiver.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
receiver.bind('\\0' + name[1:] if name.startswith('@') else name)
print('bound', flush=True)
while True:
    message, ancillary, _, _ = receiver.recvmsg(65536, 1024)
    pids = [int.from_bytes(data[:4], sys.byteorder) for _, kind, data in ancillary if kind == socket.SCM_CREDENTIALS]
    print(json.dumps([message.decode(), pids[0]]), flush=True)
`

/** What one message said, and which process sent it. */
export interface Notification {
  readonly text: string
  readonly pid: number
  /** When it came, by `performance.now()`. */
  readonly at: number
}

/** Receives notifications until it is closed. */
export class NotifyReceiver {
  readonly notifications: Notification[] = []
  readonly #child: ChildProcessByStdio<null, Readable, null>
  #rest = ''
  #bound = false

  private constructor(child: ChildProcessByStdio<null, Readable, null>) {
    this.#child = child
  }

  /** @param name - a path, or an abstract name with `@` in front */
  static async open(name: string): Promise<NotifyReceiver> {
    const child = spawn('python3', ['-c', PROGRAM, name], { stdio: ['ignore', 'pipe', 'inherit'] })
    const receiver = new NotifyReceiver(child)
    child.stdout.setEncoding('utf8').on('data', (text: string) => receiver.#take(text))
    while (!receiver.#bound) await once(child.stdout, 'data')
    return receiver
  }

  get texts(): string[] {
    return this.notifications.map(({ text }) => text)
  }

  /** Settles when a message is there. */
  async until(text: string): Promise<void> {
    while (!this.texts.some((each) => each.includes(text))) await once(this.#child.stdout, 'data')
  }

  close(): void {
    this.#child.kill('SIGKILL')
  }

  #take(text: string): void {
    const lines = (this.#rest + text).split('\n')
    this.#rest = lines.pop()!
    for (const line of lines) {
      if (line === 'bound') {
        this.#bound = true
        continue
      }
      const [message, pid] = JSON.parse(line) as [string, number]
      this.notifications.push({ text: message, pid, at: performance.now() })
    }
  }
}
