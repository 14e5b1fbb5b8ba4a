/**
 * Reads the header with which HAProxy and its like begin a connection: version 1 (a line) or 2 (binary) of the PROXY protocol.
 *
 * Source: Twisted, `twisted/protocols/haproxy/_v1parser.py`, `_v2parser.py`; the protocol's own specification.
 * Differs: a header may come in chunks of any size; what can be no header is refused with its first wrong byte; lengths are
 * limited; addresses and ports are checked.
 *
 * @module
 */
import { isIPv4, isIPv6 } from 'node:net'
import type { IAddress } from '@sennit/interfaces'
import { IPv4Address, IPv6Address, UNIXAddress } from '@sennit/protocol'
import { ProxyHeaderError } from './errors.ts'

/** What a header says. */
export interface ProxyHeader {
  /** Who has connected to the proxy; `undefined` when the header leaves it open. */
  readonly peer: IAddress | undefined
  /** To where; `undefined` when the header leaves it open. */
  readonly host: IAddress | undefined
  /** What came after the header. */
  readonly rest: Uint8Array
}

const V1 = /* @__PURE__ */ Buffer.from('PROXY ')
const V2 = /* @__PURE__ */ Buffer.from('\r\n\r\n\0\r\nQUIT\n')

/** The longest line of version 1, its end included, in bytes. */
const LONGEST_LINE = 107

/** The fixed part of version 2, in bytes. */
const V2_FIXED = 16

/** The longest variable part of version 2 that is taken, in bytes: addresses, and whatever else a proxy says. */
const LONGEST_V2 = 4096

/** In bytes. */
const LONGEST_PATH = 108

/** The beginning of one connection. */
export class ProxyHeaderReader {
  #bytes: Buffer = Buffer.alloc(0)

  /**
   * Takes the next chunk.
   *
   * @returns the header, when all of it is there
   * @throws ProxyHeaderError (`ERR_SENNIT_PROXY_HEADER`) when it can be none
   */
  push(chunk: Uint8Array): ProxyHeader | undefined {
    const bytes = this.#bytes.length === 0 ? asBuffer(chunk) : Buffer.concat([this.#bytes, chunk])
    this.#bytes = bytes
    if (bytes.length === 0) return undefined
    if (begins(bytes, V1)) return bytes.length > V1.length ? readLine(bytes) : undefined
    if (begins(bytes, V2)) return bytes.length >= V2_FIXED ? readBinary(bytes) : undefined
    throw new ProxyHeaderError('come first, in version 1 or 2')
  }
}

function asBuffer(chunk: Uint8Array): Buffer {
  return Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)
}

/** Whether the bytes are the beginning of a signature, or the signature is that of the bytes. */
function begins(bytes: Buffer, signature: Buffer): boolean {
  const length = Math.min(bytes.length, signature.length)
  return bytes.compare(signature, 0, length, 0, length) === 0
}

function readLine(bytes: Buffer): ProxyHeader | undefined {
  const end = bytes.subarray(0, LONGEST_LINE).indexOf('\r\n')
  if (end < 0) {
    if (bytes.length < LONGEST_LINE) return undefined
    throw new ProxyHeaderError(`be a line of at most ${LONGEST_LINE} bytes`)
  }
  const rest = bytes.subarray(end + 2)
  const [, family, source = '', destination = '', sourcePort, destinationPort, ...more] = bytes
    .toString('latin1', 0, end)
    .split(' ')
  if (family === 'UNKNOWN') return { peer: undefined, host: undefined, rest }
  if (family !== 'TCP4' && family !== 'TCP6') throw new ProxyHeaderError("say 'TCP4', 'TCP6' or 'UNKNOWN'")
  const Address = family === 'TCP4' ? IPv4Address : IPv6Address
  const isAddress = family === 'TCP4' ? isIPv4 : isLiteral6
  if (more.length > 0 || !isAddress(source) || !isAddress(destination)) {
    throw new ProxyHeaderError(`have two addresses of ${family} and two ports`)
  }
  return {
    peer: new Address('TCP', source, portOf(sourcePort)),
    host: new Address('TCP', destination, portOf(destinationPort)),
    rest,
  }
}

/** An address of IPv6 that means the same everywhere. */
function isLiteral6(text: string): boolean {
  return isIPv6(text) && !text.includes('%')
}

function portOf(text: string | undefined): number {
  if (text !== undefined && /^(?:0|[1-9]\d{0,4})$/.test(text) && Number(text) <= 65_535) return Number(text)
  throw new ProxyHeaderError('have two ports, from 0 to 65535')
}

function readBinary(bytes: Buffer): ProxyHeader | undefined {
  const versionAndCommand = bytes[12]!
  const familyAndTransport = bytes[13]!
  const length = bytes.readUInt16BE(14)
  if (versionAndCommand !== 0x20 && versionAndCommand !== 0x21) {
    throw new ProxyHeaderError("be of version 2, with the command 'LOCAL' or 'PROXY'")
  }
  if (length > LONGEST_V2) throw new ProxyHeaderError(`have at most ${LONGEST_V2} bytes after its fixed part`)
  if (bytes.length < V2_FIXED + length) return undefined
  const rest = bytes.subarray(V2_FIXED + length)
  // What the addresses of a connection of the proxy's own are is of no concern.
  if (versionAndCommand === 0x20) return { peer: undefined, host: undefined, rest }
  return { ...addressesOf(familyAndTransport, bytes.subarray(V2_FIXED, V2_FIXED + length)), rest }
}

function addressesOf(
  familyAndTransport: number,
  block: Buffer,
): { peer: IAddress | undefined; host: IAddress | undefined } {
  switch (familyAndTransport) {
    case 0x00:
      return { peer: undefined, host: undefined }
    case 0x11:
      assertLong(block, 12)
      return {
        peer: new IPv4Address('TCP', block.subarray(0, 4).join('.'), block.readUInt16BE(8)),
        host: new IPv4Address('TCP', block.subarray(4, 8).join('.'), block.readUInt16BE(10)),
      }
    case 0x21:
      assertLong(block, 36)
      return {
        peer: new IPv6Address('TCP', literal6(block.subarray(0, 16)), block.readUInt16BE(32)),
        host: new IPv6Address('TCP', literal6(block.subarray(16, 32)), block.readUInt16BE(34)),
      }
    case 0x31:
      assertLong(block, 2 * LONGEST_PATH)
      return {
        peer: new UNIXAddress(pathOf(block.subarray(0, LONGEST_PATH))),
        host: new UNIXAddress(pathOf(block.subarray(LONGEST_PATH, 2 * LONGEST_PATH))),
      }
    default:
      throw new ProxyHeaderError('have addresses of TCP or of a UNIX stream')
  }
}

function assertLong(block: Buffer, length: number): void {
  if (block.length < length) throw new ProxyHeaderError(`have at least ${length} bytes of addresses`)
}

/** An address of IPv6 in its usual form. */
function literal6(bytes: Buffer): string {
  const groups = Array.from({ length: 8 }, (_, index) => bytes.readUInt16BE(2 * index).toString(16))
  const full = groups.join(':')
  return new URL(`http://[${full}]`).hostname.slice(1, -1)
}

/** Up to the first NUL; a name without a file begins with one. */
function pathOf(bytes: Buffer): string {
  const end = bytes.indexOf(0)
  return bytes.toString('utf8', 0, end < 0 ? bytes.length : end)
}
