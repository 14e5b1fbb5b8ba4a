/**
 * What a UNIX datagram port and a socket with a fixed peer share: the socket, its path, and sending.
 *
 * Source: Twisted, `twisted/internet/unix.py`, `DatagramPort`, `ConnectedDatagramPort`.
 * Differs: the file is private to user and group unless told otherwise; a stale one is found out; only our own is removed.
 *
 * @module
 */
import type { IPathAddress } from '@sennit/interfaces'
import { MessageLengthError, UNIXAddress } from '@sennit/protocol'
import { assertBytes } from '@sennit/protocol/internal'
import { DatagramPort } from './datagram-port.ts'
import { type AddonSocket, type DatagramAddon, systemError, systemErrorFrom } from './unix-datagram-addon.ts'
import { bindWithMode, checkedPath, removeOwn, removeStale, type SocketFile } from './unix-path.ts'

/** The longest datagram, in bytes: what is longer arrives cut. */
const LONGEST = 65_535

/** How much may wait until the other side has read, in bytes. */
const LONGEST_QUEUE = 8 * 1024 * 1024

/** What a datagram that waits takes besides its bytes. */
const OVERHEAD = 256

/** Nobody: what a socket without a path sends comes from here. */
const NO_PATH = new UNIXAddress('')

/** A socket for datagrams, with or without a path. */
export abstract class UNIXDatagramTransport<T> extends DatagramPort<T, IPathAddress> {
  #socket: AddonSocket | undefined
  #host = NO_PATH
  #file: SocketFile | undefined
  #queued = 0
  /** The path that was last found to be one. */
  #checkedPath: string | symbol = Symbol('none')
  /** Who sent last: mostly the next one is the same. */
  #sender = NO_PATH

  getHost(): UNIXAddress {
    return this.#host
  }

  /** Makes the socket. */
  protected make({ DgramSocket }: DatagramAddon): void {
    const socket = new DgramSocket()
    this.#socket = socket
    socket.on('data', (datagram, path) => this.arrive(datagram, path))
    // Without a listener, Node would end the process.
    socket.on('error', (error) => this.fail(systemErrorFrom(error, 'recv', this.#host.path)))
  }

  /** Gives the socket a path; a stale file there is removed. */
  protected async bind(path: string, mode: number): Promise<void> {
    const { resolve } = process.getBuiltinModule('node:path')
    for (;;) {
      try {
        const file = bindWithMode(path, mode, () => this.#socket!.bind(path))
        this.#file = { ...file, path: resolve(path) }
        this.#host = new UNIXAddress(path)
        return
      } catch (thrown) {
        const error = systemErrorFrom(thrown, 'bind', path)
        if (error.code !== 'EADDRINUSE' || !(await removeStale(path))) throw error
      }
    }
  }

  /** A datagram has come; `path` is empty when its sender has none. */
  protected arrive(datagram: Uint8Array, path: string): void {
    if (!this.takes(datagram.byteLength)) return
    if (path !== this.#sender.path) this.#sender = new UNIXAddress(path)
    this.receive(datagram, this.#sender)
  }

  protected send(datagram: Uint8Array, path: string): void {
    assertBytes(datagram)
    const { byteLength } = datagram
    if (byteLength > LONGEST) throw new MessageLengthError(byteLength)
    if (path !== this.#checkedPath) this.#checkedPath = checkedPath('send a datagram', path)
    if (!this.isServing) return
    this.sent++
    const size = byteLength + OVERHEAD
    if (this.#queued + size > LONGEST_QUEUE) return this.#failLater(queueFull(path))
    this.#queued += size
    let isSending = true
    let tooLong: Error | undefined
    const sent = (thrown?: Error): void => {
      this.#queued -= size
      if (thrown === undefined) {
        this.failing = undefined
        return
      }
      const error = systemErrorFrom(thrown, 'send', path)
      if (error.code === 'EMSGSIZE' && isSending) tooLong = error
      else this.#failLater(error)
    }
    this.#socket!.sendTo(datagram, 0, byteLength, path, sent)
    isSending = false
    if (tooLong !== undefined) throw new MessageLengthError(byteLength, { cause: tooLong })
  }

  close(): void | Promise<void> {
    if (this.#file !== undefined) removeOwn(this.#file)
    this.#socket?.close()
  }

  /** Not inside the call that sends. */
  #failLater(error: Error): void {
    queueMicrotask(() => this.fail(error))
  }
}

function queueFull(path: string): Error {
  return systemError({ code: 'ENOBUFS', syscall: 'send', path, text: 'too much waits until it is read' })
}
