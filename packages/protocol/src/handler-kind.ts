/**
 * Telling the three kinds of connection handler apart.
 *
 * @module
 */
import type { ConnectionHandler } from '@sennit/interfaces'
import { HandlerError } from './errors.ts'

/** An existing server (`handleSocket`), an async function over a stream (`handleStream`), or a protocol factory (`buildProtocol`). */
export type HandlerKind = 'socket' | 'stream' | 'protocol'

const KINDS: readonly (readonly [member: string, kind: HandlerKind])[] = [
  ['handleSocket', 'socket'],
  ['handleStream', 'stream'],
  ['buildProtocol', 'protocol'],
]

/**
 * The kind of a handler, by its member; the first of `handleSocket`, `handleStream`, `buildProtocol` that it has counts.
 *
 * @throws HandlerError (`ERR_SENNIT_HANDLER`) when it has none of them
 */
export function handlerKind(handler: ConnectionHandler): HandlerKind {
  if (typeof handler === 'object' && handler !== null) {
    for (const [member, kind] of KINDS) {
      if (typeof (handler as unknown as Record<string, unknown>)[member] === 'function') return kind
    }
  }
  const got = typeof handler === 'function' ? `${describe(handler)}; wrap it in handler()` : describe(handler)
  throw new HandlerError(
    `Cannot serve connections: 'handler' must have handleSocket, handleStream or buildProtocol, got ${got}`,
  )
}

function describe(value: unknown): string {
  if (typeof value === 'function') return 'a function'
  if (typeof value !== 'object' || value === null) return String(value)
  const name = (value.constructor as { name?: string } | undefined)?.name
  return name === undefined || name === 'Object' ? 'an object without them' : `a ${name}`
}
