/**
 * One end of a simulated TCP connection, which can be told how to send; the other kinds cannot.
 *
 * @module
 */
import type { Duration, ITCPOptions } from '@sennit/interfaces'
import { type Ends, TCPEnds } from '../network/ends.ts'
import type { Machine } from '../network/machine.ts'
import type { Network } from '../network/network.ts'
import { checkKeepAlive } from '../option-checks.ts'
import { MemoryTransport } from './memory-transport.ts'

/** One end over TCP. */
class MemoryTCPTransport extends MemoryTransport implements ITCPOptions {
  /** Has no effect here: what is written in one instant is sent as one. */
  setTcpNoDelay(_enabled: boolean): void {}

  /**
   * Has no effect here: no peer dies in silence.
   *
   * @throws ReactorOptionError (`ERR_SENNIT_REACTOR_OPTION`) when the real reactor could not find one so soon
   */
  setTcpKeepAlive(budget: Duration | false): void {
    checkKeepAlive(budget)
  }
}

/** One end of a connection, whatever it goes over. @param machine - the program's; `undefined` when it belongs to the test */
export function memoryTransport(network: Network, ends: Ends, machine: Machine | undefined): MemoryTransport {
  const Kind = ends instanceof TCPEnds ? MemoryTCPTransport : MemoryTransport
  return new Kind(network, ends, machine)
}
