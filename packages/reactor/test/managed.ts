import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { connect } from 'node:net'
import { join } from 'node:path'
import { until } from './kit.ts'

const folder = join(import.meta.dirname, '..')

/**
 * A service manager: it opens what it is told to, and hands it to a process, as descriptors from 3 on. It waits for that process
 * in such a way that it accepts nothing meanwhile; afterwards it answers for itself.
 */
const MANAGER = `
  import { spawnSync } from 'node:child_process'
  import { createSocket } from 'node:dgram'
  import { openSync } from 'node:fs'
  import { connect, createServer } from 'node:net'
  const [wanted, names, code] = JSON.parse(process.argv[1])
  const opened = []
  for (const where of wanted) {
    if (where === 'file') opened.push([openSync('/dev/null'), 'file'])
    else if (where === 'udp') {
      const socket = createSocket('udp4')
      await new Promise((resolve) => socket.bind(0, '127.0.0.1', resolve))
      const keys = Object.getOwnPropertySymbols(socket)
      opened.push([keys.map((key) => socket[key]?.handle?.fd).find((fd) => fd !== undefined), socket.address().port])
    } else {
      const server = createServer({ pauseOnConnect: true }, (socket) => socket.end('the manager'))
      await new Promise((resolve) => server.listen(where, resolve))
      opened.push([server._handle.fd, where.path ?? server.address().port])
      if (where.accept) {
        server.removeAllListeners('connection')
        process.stdout.write(JSON.stringify(opened.at(-1)[1]) + '\\n')
        const socket = await new Promise((resolve) => server.once('connection', resolve))
        opened[opened.length - 1] = [socket._handle.fd, socket.remotePort ?? 0, socket]
      }
    }
  }
  process.stdout.write(JSON.stringify(opened.map(([, address]) => address)) + '\\n')
  const variables = 'LISTEN_PID=$$ LISTEN_FDS=' + opened.length + ' LISTEN_FDNAMES=' + names.join(':')
  const command = variables + ' exec "$0" --input-type=module -e "$1"'
  const stdio = ['inherit', 'inherit', 'inherit', ...opened.map(([fd]) => fd)]
  const { status } = spawnSync('sh', ['-c', command, process.execPath, code], { stdio })
  for (const [, , socket] of opened) socket?.destroy()
  process.stdout.write('exited ' + status + '\\n')
`

const PRELUDE = `
  import { handler, Factory, Protocol } from '@sennit/protocol'
  import { getReactor } from '@sennit/reactor'
  const reactor = getReactor()
  const say = (...words) => process.stdout.write(words.join(' ') + '\\n')
  const greet = (text) => handler(async (stream) => void stream.end(text))
  const failure = (promise) => promise.then(() => 'fine', (error) => error.name + ' ' + error.code)
  const told = () => new Promise((resolve) => process.stdin.once('data', resolve))
`

/** Something to open: where to listen, what to accept there, or a file, or a UDP socket. */
export type Wanted = { port?: number; host?: string; path?: string; accept?: boolean } | 'file' | 'udp'

/** A manager and its process. */
export class Managed {
  readonly manager: ChildProcess
  out = ''

  constructor(wanted: readonly Wanted[], names: readonly string[], code: string) {
    const argument = JSON.stringify([wanted, names, PRELUDE + code])
    const args = ['--input-type=module', '-e', MANAGER, argument]
    this.manager = spawn(process.execPath, args, { cwd: folder, stdio: ['pipe', 'pipe', 'inherit'] })
    this.manager.stdout!.setEncoding('utf8').on('data', (text: string) => (this.out += text))
  }

  get lines(): string[] {
    return this.out.split('\n').slice(0, -1)
  }

  async says(text: string): Promise<void> {
    await until(() => this.lines.includes(text) || this.manager.exitCode !== null, text)
    if (!this.lines.includes(text)) throw new Error(`It said only: ${this.out}`)
  }

  /** What it says first. */
  async first(): Promise<unknown> {
    await until(() => this.lines.length > 0)
    return JSON.parse(this.lines[0]!)
  }

  tell(word: string): void {
    this.manager.stdin!.write(word)
  }
}

/** What a plain client gets until it is closed. */
export function talk(where: { port: number; host?: string } | { path: string }): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = ''
    connect(where)
      .on('data', (chunk) => (text += String(chunk)))
      .on('error', reject)
      .on('close', () => resolve(text))
  })
}

/** Programs run what was built, as they do for users. */
export function build(): void {
  const builder = join(folder, '../../tools/build/build.js')
  execFileSync(process.execPath, [builder, folder], { stdio: 'inherit' })
}
