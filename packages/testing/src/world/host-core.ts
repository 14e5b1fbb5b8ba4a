/**
 * The life of a simulated machine's reactor, and what its shutdown closes.
 *
 * @module
 */
import type { IReactorTime, Seconds } from '@sennit/interfaces'
import { ReactorCore } from '@sennit/protocol/internal'
import type { Machine } from './network/machine.ts'
import type { Network, Open } from './network/network.ts'

/** Something open that a shutdown closes. */
interface Remaining extends Open {
  readonly machine: Machine
  shutDown(reason: Error): void | Promise<void>
}

/** The life of one reactor. */
export function hostCore(
  network: Network,
  machine: Machine,
  clock: IReactorTime,
  shutdownTimeout: Seconds,
): ReactorCore {
  return new ReactorCore({
    clock,
    log: network.log,
    shutdownTimeout,
    soon: (call) => void network.time.soon(call),
    hold() {
      const running = { toString: () => 'reactor that runs' }
      network.open.add(running)
      return () => network.open.delete(running)
    },
    async closeAll(reason) {
      const remaining = [...network.open].filter((each): each is Remaining => isOn(each, machine))
      await Promise.all(remaining.map((each) => Promise.resolve(each.shutDown(reason))))
      // A connection that was cut is lost in the next turn.
      await new Promise<void>((resolve) => network.time.soon(resolve))
    },
  })
}

function isOn(open: Open, machine: Machine): boolean {
  const { machine: on, shutDown } = open as Partial<Remaining>
  return on === machine && typeof shutDown === 'function'
}
