import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { encodeCommand } from '../src/index.ts'
import { repliesOf } from './support/replies-of.ts'

describe('encodeCommand', () => {
  it('puts the length in bytes before each word', () => {
    expect(encodeCommand(['SET', 'key', 'é']).toString()).toBe('*3\r\n$3\r\nSET\r\n$3\r\nkey\r\n$2\r\né\r\n')
  })

  it('takes numbers, bytes and empty words', () => {
    const command = encodeCommand([1.5, new Uint8Array([0, 13, 10, 255]), ''])
    expect(command.toString('latin1')).toBe('*3\r\n$3\r\n1.5\r\n$4\r\n\0\r\n\xff\r\n$0\r\n\r\n')
  })

  it('says what a reply would: the same words are read', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' }), { minLength: 1 }), (words) => {
        expect(repliesOf([encodeCommand(words)]).replies).toEqual([words])
      }),
    )
  })
})
