import { describe, expect, it } from 'vitest'
import { Data } from '../../../src/world/network/segment.ts'

const bytes = (text: string) => Buffer.from(text)

describe('Data', () => {
  it('takes in what is written in the same instant', () => {
    const data = new Data(1, bytes('a'))
    expect(data.append(1, bytes('b'))).toBe(true)
    expect(data.append(1, bytes('c'))).toBe(true)
    expect(data.take().toString()).toBe('abc')
  })

  it('takes in nothing later, and nothing once it has arrived', () => {
    const data = new Data(1, bytes('a'))
    expect(data.append(2, bytes('b'))).toBe(false)
    expect(data.take().toString()).toBe('a')
    expect(data.append(1, bytes('c'))).toBe(false)
  })
})
