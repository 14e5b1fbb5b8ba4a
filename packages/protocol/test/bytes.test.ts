import { runInNewContext } from 'node:vm'
import { describe, expect, it } from 'vitest'
import { asBuffer, assertBytes } from '../src/bytes.ts'

describe('assertBytes', () => {
  it.each([
    ['a Buffer', Buffer.from('x')],
    ['a Uint8Array', new Uint8Array(1)],
    ['a Uint8Array of another realm', runInNewContext('new Uint8Array(1)')],
  ])('lets %s pass', (_, value) => {
    expect(() => assertBytes(value)).not.toThrow()
  })

  it.each([['text'], [undefined], [null], [7], [[1]], [new Uint16Array(1)], [new ArrayBuffer(1)]])(
    'refuses %s as a TypeError',
    (value) => {
      expect(() => assertBytes(value)).toThrow(TypeError)
      expect(() => assertBytes(value)).toThrow(expect.objectContaining({ code: 'ERR_SENNIT_BYTES' }))
    },
  )
})

describe('asBuffer', () => {
  it('gives a Buffer back as it is', () => {
    const buffer = Buffer.from('x')
    expect(asBuffer(buffer)).toBe(buffer)
  })

  it('makes a Buffer of the same bytes, without a copy', () => {
    const bytes = new Uint8Array([0, 97, 98, 0]).subarray(1, 3)
    const buffer = asBuffer(bytes)
    expect(buffer.toString()).toBe('ab')
    bytes[0] = 99
    expect(buffer.toString()).toBe('cb')
  })
})
