/**
 * What is said in RESP2, the protocol of Redis: commands one way, replies the other.
 *
 * @module
 */
import type { RedisError } from './errors.ts'

/** One word of a command. */
export type Argument = string | number | Uint8Array

/** What a command yields. A big integer is one that a number cannot hold exactly; errors stand only inside of arrays. */
export type Reply = string | number | bigint | null | RedisError | Reply[]

/** A command as the server reads it: an array of strings, each with its length in bytes before it. */
export function encodeCommand(words: readonly Argument[]): Buffer {
  const parts = [Buffer.from(`*${words.length}\r\n`)]
  for (const word of words) {
    const bytes = word instanceof Uint8Array ? word : Buffer.from(String(word))
    parts.push(Buffer.from(`$${bytes.length}\r\n`), Buffer.from(bytes), Buffer.from('\r\n'))
  }
  return Buffer.concat(parts)
}
