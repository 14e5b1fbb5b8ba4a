/**
 * The collector: a UNIX socket that takes datagrams, and what is made of each.
 *
 * @module
 */
import type { Fact, IPathAddress, IUNIXDatagramTransport } from '@sennit/interfaces'
import { UNIXDatagramServer } from '@sennit/legacy'
import { DatagramProtocol } from '@sennit/protocol'
import { readSyslog, type SyslogMessage } from './syslog-message.ts'

class Collecting extends DatagramProtocol<IUNIXDatagramTransport, IPathAddress> {
  collected = 0
  refused = 0
  readonly #take: (message: SyslogMessage) => void

  constructor(take: (message: SyslogMessage) => void) {
    super()
    this.#take = take
  }

  override datagramReceived(datagram: Uint8Array): void {
    const message = readSyslog(datagram)
    if (message === undefined) {
      this.refused++
      return
    }
    this.collected++
    this.#take(message)
  }
}

/** Collects while it runs; how much is on its status page. */
export class SyslogCollector extends UNIXDatagramServer {
  readonly #collecting: Collecting

  /**
   * @param path - of the socket; every user may send to it
   * @param take - is given each message; must not wait
   */
  constructor(path: string, take: (message: SyslogMessage) => void) {
    const collecting = new Collecting(take)
    super(path, collecting, { name: 'collector', mode: 0o666, maxPacketSize: 16_384 })
    this.#collecting = collecting
  }

  protected override facts(): Record<string, Fact> {
    const { collected, refused } = this.#collecting
    return { ...super.facts(), collected, refused }
  }
}
