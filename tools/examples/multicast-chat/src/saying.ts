/**
 * What one says, as a datagram: the name, a tab, the text.
 *
 * @module
 */

/** What somebody says. */
export interface Saying {
  readonly name: string
  readonly text: string
}

const LONGEST = 1000

/** A datagram; what is too long is cut. */
export function writeSaying({ name, text }: Saying): Uint8Array {
  return Buffer.from(`${printable(name)}\t${printable(text)}`.slice(0, LONGEST))
}

/** What a datagram says; nothing when it is none of this chat. */
export function readSaying(datagram: Uint8Array): Saying | undefined {
  const [name, text, ...more] = Buffer.from(datagram).toString().split('\t')
  if (name === undefined || name === '' || text === undefined || more.length > 0) return undefined
  return { name: printable(name), text: printable(text) }
}

/** What is sent of a text. Nobody shall write to the terminals of others what moves the cursor. */
export function printable(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}]/gu, ' ').trim()
}
