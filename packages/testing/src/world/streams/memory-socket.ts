/**
 * The stream that handlers get in a simulated world: what a `net.Socket` has and existing servers use is there.
 *
 * @module
 */
import { isIPv6 } from 'node:net'
import type { IDelayedCall, IHostPort, IStreamTransport } from '@sennit/interfaces'
import { DuplexProtocol, type DuplexProtocolOptions } from '@sennit/protocol'
import type { NetworkTime } from '../time/network-time.ts'
import type { MemoryTransport } from './memory-transport.ts'

/** A connection as a Node stream, with the further members of a `net.Socket`; its timeout runs on virtual time. */
export class MemorySocket extends DuplexProtocol {
  /** Always false: the connection stands before the handler gets it. */
  readonly connecting = false
  /** The idle timeout in milliseconds, as Node has it; 0 means none. */
  timeout = 0
  bytesRead = 0
  bytesWritten = 0
  readonly #time: NetworkTime
  readonly #ends: MemoryTransport
  #idle: IDelayedCall | undefined

  constructor(time: NetworkTime, ends: MemoryTransport, options?: DuplexProtocolOptions) {
    super(options)
    this.#time = time
    this.#ends = ends
  }

  /** The address of the other side; none over a UNIX socket, as Node has it. */
  get remoteAddress(): string | undefined {
    return this.#peer.host
  }

  get remotePort(): number | undefined {
    return this.#peer.port
  }

  get remoteFamily(): 'IPv4' | 'IPv6' | undefined {
    return family(this.#peer)
  }

  get localAddress(): string | undefined {
    return this.#host.host
  }

  get localPort(): number | undefined {
    return this.#host.port
  }

  get localFamily(): 'IPv4' | 'IPv6' | undefined {
    return family(this.#host)
  }

  /** The address of this side, in Node's form. */
  address(): { address?: string; port?: number; family?: string } {
    const { host: address, port } = this.#host
    return address === undefined ? {} : { address, port: port!, family: family(this.#host)! }
  }

  /** Whether it is private, as a `TLSSocket` is. */
  get encrypted(): boolean {
    return this.#ends.getTLSInfo() !== undefined
  }

  /** Whether the other side has proved who it is. */
  get authorized(): boolean {
    return this.#ends.getTLSInfo()?.authorized ?? false
  }

  /** What both sides agreed on by ALPN. */
  get alpnProtocol(): string | false {
    return this.#ends.getTLSInfo()?.alpnProtocol ?? false
  }

  /** The name that the client asked for. */
  get servername(): string | false {
    return this.#ends.getTLSInfo()?.servername ?? false
  }

  /** Emits `'timeout'` when nothing has come or gone for so many milliseconds, as `net.Socket` does. */
  setTimeout(milliseconds: number, listener?: () => void): this {
    this.timeout = milliseconds
    if (listener !== undefined) {
      if (milliseconds === 0) this.off('timeout', listener)
      else this.once('timeout', listener)
    }
    this.#rest()
    this.#touch()
    return this
  }

  /** Has no effect here. */
  setNoDelay(): this {
    return this
  }

  /** Has no effect here. */
  setKeepAlive(): this {
    return this
  }

  /** Has no effect here. */
  ref(): this {
    return this
  }

  /** Has no effect here. */
  unref(): this {
    return this
  }

  /** Ends, and destroys when all is sent. */
  destroySoon(): void {
    if (this.writable) this.end()
    if (this.writableFinished) this.destroy()
    else this.once('finish', () => this.destroy())
  }

  /** Cuts the connection. */
  resetAndDestroy(): this {
    this.transport?.abortConnection()
    return this.destroy()
  }

  /** Node would destroy the stream at the end of a loop over it, with what was written last and has yet to be sent. */
  override [Symbol.asyncIterator](): ReturnType<DuplexProtocol['iterator']> {
    return this.iterator({ destroyOnReturn: false })
  }

  override makeConnection(transport: IStreamTransport): void {
    super.makeConnection(transport)
    this.#touch()
  }

  override dataReceived(data: Uint8Array): void {
    this.bytesRead += data.length
    this.#touch()
    super.dataReceived(data)
  }

  override connectionLost(reason: Error): void {
    this.#rest()
    super.connectionLost(reason)
  }

  override _write(chunk: Buffer, encoding: BufferEncoding, callback: (error?: Error | null) => void): void {
    this.bytesWritten += chunk.length
    this.#touch()
    super._write(chunk, encoding, callback)
  }

  override _writev(
    chunks: { chunk: Buffer; encoding: BufferEncoding }[],
    callback: (error?: Error | null) => void,
  ): void {
    for (const { chunk } of chunks) this.bytesWritten += chunk.length
    this.#touch()
    super._writev(chunks, callback)
  }

  get #peer(): Partial<IHostPort> {
    return this.#ends.getPeer()
  }

  get #host(): Partial<IHostPort> {
    return this.#ends.getHost()
  }

  #touch(): void {
    if (this.timeout === 0 || this.destroyed || this.#idle?.active()) return
    this.#idle = this.#time.after(this.timeout / 1000, this.#check)
  }

  #rest(): void {
    if (this.#idle?.active()) this.#idle.cancel()
    this.#idle = undefined
  }

  readonly #check = (): void => {
    const due = this.#ends.lastActivity + this.timeout / 1000
    if (due > this.#time.seconds()) this.#idle = this.#time.at(due, this.#check)
    else this.emit('timeout')
  }
}

function family({ host }: Partial<IHostPort>): 'IPv4' | 'IPv6' | undefined {
  if (host === undefined) return undefined
  return isIPv6(host) ? 'IPv6' : 'IPv4'
}
