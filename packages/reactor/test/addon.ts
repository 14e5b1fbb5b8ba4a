/** A stand-in for the package with UNIX datagrams, and plain sockets of the package itself. */
import { createRequire } from 'node:module'
import { writeFileSync } from 'node:fs'
import { realTurn } from '@sennit/runtime'
import type { AddonSocket, DatagramAddon } from '../src/unix-datagram-addon.ts'

const { DgramSocket } = createRequire(import.meta.url)('node-unix-socket') as DatagramAddon

/** Does as it is told, and touches no socket. */
export class FakeAddonSocket implements AddonSocket {
  static made: FakeAddonSocket[] = []
  readonly listeners: Record<string, (...args: never[]) => void> = {}
  onBind: ((path: string) => void) | undefined
  /** What becomes of a datagram. */
  onSend: (length: number, sent: (error?: Error) => void) => void = (_length, sent) => sent()
  isClosed = false

  constructor() {
    FakeAddonSocket.made.push(this)
  }

  bind(path: string): void {
    writeFileSync(path, '')
    this.onBind?.(path)
  }

  sendTo(_datagram: Uint8Array, _offset: number, length: number, _path: string, sent: () => void): void {
    this.onSend(length, sent)
  }

  close(): void {
    this.isClosed = true
  }

  on(event: string, listener: (...args: never[]) => void): void {
    this.listeners[event] = listener
  }
}

export const fakeAddon: DatagramAddon = { DgramSocket: FakeAddonSocket }

/** A socket that knows nothing of the reactor, and what it got. */
export class PlainDatagrams {
  readonly got: { text: string; from: string }[] = []
  readonly #socket: AddonSocket = new DgramSocket()

  constructor(path?: string) {
    if (path !== undefined) this.#socket.bind(path)
    this.#socket.on('data', (datagram, from) => this.got.push({ text: String(datagram), from }))
  }

  async send(text: string, path: string): Promise<void> {
    const bytes = Buffer.from(text)
    await new Promise<void>((resolve, reject) =>
      this.#socket.sendTo(bytes, 0, bytes.length, path, (error) =>
        error === undefined ? resolve() : reject(error),
      ),
    )
    await realTurn()
  }

  /** Leaves the file behind. */
  close(): void {
    this.#socket.close()
  }
}
