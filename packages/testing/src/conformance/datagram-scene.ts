/**
 * What the suites for datagrams share: a protocol that remembers, and the ports of one case.
 *
 * @module
 */
import type { IHostPort, IInspectable, IListeningPort, IUDPTransport } from '@sennit/interfaces'
import { DatagramProtocol } from '@sennit/protocol'
import type { MemoryLog } from '../memory-log.ts'
import { type ConformanceKit, type Maker, type Surroundings, caseWith } from './kit.ts'

/** Remembers what it is told. */
export class DatagramRecorder<T = IUDPTransport, A = IHostPort> extends DatagramProtocol<T, A> {
  readonly datagrams: { text: string; from: A }[] = []
  readonly told: string[] = []
  onDatagram: ((text: string, from: A) => void) | undefined

  get texts(): string[] {
    return this.datagrams.map(({ text }) => text)
  }

  override startProtocol(): void {
    this.told.push('start')
  }

  override stopProtocol(): void {
    this.told.push('stop')
  }

  override datagramReceived(datagram: Uint8Array, from: A): void {
    const text = Buffer.from(datagram).toString()
    this.datagrams.push({ text, from })
    this.onDatagram?.(text, from)
  }

  override connectionRefused(): void {
    this.told.push('refused')
  }
}

/** One case's ports. */
export class DatagramScene<S extends Surroundings> {
  readonly made: S
  readonly log: MemoryLog
  readonly #closers: (() => void | Promise<void>)[] = []

  constructor(made: S, log: MemoryLog) {
    this.made = made
    this.log = log
  }

  /** Waits for a port, which is closed at the end of the case. */
  async opened<P extends IListeningPort>(opening: Promise<P>): Promise<P> {
    const port = await this.made.run(opening)
    this.atEnd(() => port.stopListening())
    return port
  }

  /** Calls something at the end of the case, and waits for it. */
  atEnd(close: () => void | Promise<void>): void {
    this.#closers.push(close)
  }

  async close(): Promise<void> {
    for (const close of this.#closers) {
      const closed = close()
      if (closed !== undefined) await this.made.run(closed)
    }
  }
}

/** Defines a case that has a scene, which is cleared afterwards. */
export function datagramCase<S extends Surroundings, C extends DatagramScene<S>>(
  kit: ConformanceKit,
  make: Maker<S>,
  scene: (made: S, log: MemoryLog) => C,
): (title: string, run: (scene: C) => Promise<void>) => void {
  const it = caseWith(kit, make)
  return (title, run) => {
    it(title, async (made, log) => {
      const set = scene(made, log)
      try {
        await run(set)
      } finally {
        await set.close()
      }
    })
  }
}

export function portOf(port: IListeningPort): number {
  return (port.getHost() as IHostPort).port
}

export function fact(port: IListeningPort, name: string): unknown {
  return (port as IListeningPort & IInspectable).describe().facts[name]
}
