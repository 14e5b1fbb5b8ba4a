import { describe, expect, it } from 'vitest'
import { ReceiveBuffer } from '../src/receive-buffer.ts'

function filled(...chunks: string[]): ReceiveBuffer {
  const buffer = new ReceiveBuffer()
  for (const chunk of chunks) buffer.append(Buffer.from(chunk))
  return buffer
}

describe('ReceiveBuffer', () => {
  it('yields the bytes in order, however they came', () => {
    const buffer = filled('abc', 'd', 'efgh')
    expect(buffer.length).toBe(8)
    expect(buffer.take(2).toString()).toBe('ab')
    buffer.append(new Uint8Array(Buffer.from('ij')))
    buffer.skip(1)
    expect(buffer.take(4).toString()).toBe('defg')
    expect(buffer.takeAll().toString()).toBe('hij')
    expect(buffer.length).toBe(0)
    expect(buffer.takeAll().length).toBe(0)
  })

  it('copies nothing when it was empty', () => {
    const chunk = Buffer.from('abc')
    const buffer = new ReceiveBuffer()
    buffer.append(chunk)
    expect(buffer.takeAll().buffer).toBe(chunk.buffer)
  })

  it('never writes to what it handed out', () => {
    const buffer = filled('ab', 'cd')
    const taken = buffer.take(3)
    for (let i = 0; i < 100; i++) buffer.append(Buffer.from('xyz'))
    const later = buffer.take(50)
    buffer.append(Buffer.from('q'.repeat(500)))
    expect(taken.toString()).toBe('abc')
    expect(later.toString()).toMatch(/^d(xyz)+x$/)
  })

  it('never writes to a chunk that it was given', () => {
    const backing = Buffer.from('ab....')
    const buffer = new ReceiveBuffer()
    buffer.append(backing.subarray(0, 2))
    buffer.append(Buffer.from('cd'))
    expect(backing.toString()).toBe('ab....')
    expect(buffer.takeAll().toString()).toBe('abcd')
  })

  it('finds bytes from a place on, and only among its own', () => {
    const buffer = filled('ab\r\ncd\r\n', 'ef\r')
    expect(buffer.indexOf(Buffer.from('\r\n'), 0)).toBe(2)
    expect(buffer.indexOf(Buffer.from('\r\n'), 3)).toBe(6)
    buffer.skip(4)
    expect(buffer.indexOf(Buffer.from('\r\n'), 0)).toBe(2)
    expect(buffer.indexOf(Buffer.from('\r\n'), 3)).toBe(-1)
  })

  it('does not find what room behind its end holds by chance', () => {
    const buffer = filled('abc', 'de')
    buffer.take(1)
    // The room behind 'bcde' keeps what was written there before: nothing that counts.
    for (const needle of ['\0', 'e\0', 'f']) expect(buffer.indexOf(Buffer.from(needle), 0)).toBe(-1)
  })

  it('puts bytes before the others', () => {
    const buffer = filled('c', 'd')
    buffer.prepend(Buffer.from('ab'))
    expect(buffer.takeAll().toString()).toBe('abcd')
    buffer.prepend(Buffer.from('x'))
    expect(buffer.takeAll().toString()).toBe('x')
  })

  it('looks at single bytes, and at the first ones as a number', () => {
    const buffer = filled('xab', 'c')
    buffer.take(1)
    expect([0, 1, 2].map((index) => buffer.byteAt(index))).toEqual([97, 98, 99])
    expect([1, 2, 3].map((count) => buffer.uint(count))).toEqual([0x61, 0x6162, 0x616263])
    expect(buffer.length).toBe(3)
  })

  it('copies each byte a bounded number of times', () => {
    const buffer = new ReceiveBuffer()
    const start = performance.now()
    for (let i = 0; i < 200_000; i++) buffer.append(Buffer.from([i]))
    expect(buffer.length).toBe(200_000)
    // A copy of everything for each byte would take 20 GB of copies.
    expect(performance.now() - start).toBeLessThan(2_000)
  })
})
