/**
 * Asking a transport whether it closes.
 *
 * @module
 */
import type { IClosingTransport, ITransport } from '@sennit/interfaces'

/** Whether a transport closes, so that what it has delivered already need not be handed out. */
export function isClosing(transport: ITransport & Partial<IClosingTransport>): boolean {
  return transport.disconnecting === true
}
