/**
 * Around the examples of `@sennit/protocol`.
 *
 * @module
 */
import { clientFromString } from '@sennit/endpoints'
import type { IProtocol } from '@sennit/interfaces'
import { DuplexProtocol, Factory, Protocol, ProtocolWrapper } from '@sennit/protocol'

/** Says every line again. */
export const endpoint = clientFromString('tcp:127.0.0.1:7')

/** A connection that the other side has ended already. */
export const socket = new DuplexProtocol()
socket.push(null)

export class Counting<P extends IProtocol> extends ProtocolWrapper<P> {}

/** For those who are too many. */
export const sorry = Factory.forProtocol(Protocol)
