/**
 * A port for datagrams at a path.
 *
 * Source: Twisted, `twisted/internet/unix.py`, `DatagramPort`.
 *
 * @module
 */
import type {
  IDatagramProtocol,
  IPathAddress,
  IUNIXDatagramTransport,
  UNIXDatagramListenOptions,
} from '@sennit/interfaces'
import { CannotListenError } from '@sennit/protocol'
import { begun, MAX_PACKET_SIZE } from './datagram-port.ts'
import { checkedCount } from './option-checks.ts'
import type { PortSurroundings } from './port-surroundings.ts'
import { type DatagramAddon, loadDatagramAddon } from './unix-datagram-addon.ts'
import { UNIXDatagramTransport } from './unix-datagram-transport.ts'
import { checkedMode, checkedPath } from './unix-path.ts'

/** Binds, and receives. */
export async function openUNIXDatagramPort(
  path: string,
  protocol: IDatagramProtocol<IUNIXDatagramTransport, IPathAddress>,
  options: UNIXDatagramListenOptions,
  surroundings: PortSurroundings,
  load: typeof loadDatagramAddon = loadDatagramAddon,
): Promise<UNIXDatagramPort> {
  const { maxPacketSize = MAX_PACKET_SIZE, mode = 0o660, signal } = options
  checkedPath('listen', path)
  checkedMode('listen', mode)
  checkedCount('listen', maxPacketSize, 'maxPacketSize', 1)
  signal?.throwIfAborted()
  const addon = load()
  const port = new UNIXDatagramPort({ kind: 'UNIXDatagramPort', protocol, maxPacketSize, surroundings })
  await port.open(addon, path, mode)
  if (signal?.aborted) {
    void port.close()
    signal.throwIfAborted()
  }
  return begun(port, options)
}

/** A port for datagrams at a path, and the transport of its protocol. */
export class UNIXDatagramPort
  extends UNIXDatagramTransport<IUNIXDatagramTransport>
  implements IUNIXDatagramTransport
{
  /** @throws CannotListenError, as a rejection */
  async open(addon: DatagramAddon, path: string, mode: number): Promise<void> {
    this.make(addon)
    try {
      await this.bind(path, mode)
    } catch (error) {
      void this.close()
      throw new CannotListenError('', path, error)
    }
  }

  write(datagram: Uint8Array, path: string): void {
    this.send(datagram, path)
  }

  protected makeConnection(): void {
    this.protocol.makeConnection(this)
  }
}
