import { describe, expect, it } from 'vitest'
import { readSaying, writeSaying } from '../src/saying.ts'

describe('readSaying', () => {
  it('reads what was written', () => {
    expect(readSaying(writeSaying({ name: 'anna', text: 'hello, bert' }))).toEqual({
      name: 'anna',
      text: 'hello, bert',
    })
  })

  it.each(['', 'hello', '\thello', 'a\tb\tc'])('takes no %j', (datagram) => {
    expect(readSaying(Buffer.from(datagram))).toBeUndefined()
  })

  it('lets nothing through that moves the cursor of a terminal', () => {
    expect(readSaying(Buffer.from('\u001b[2Janna\thel\u202elo\r\n'))).toEqual({
      name: '[2Janna',
      text: 'hel lo',
    })
  })
})

describe('writeSaying', () => {
  it('cuts what is too long for a datagram', () => {
    expect(writeSaying({ name: 'anna', text: 'x'.repeat(5000) })).toHaveLength(1000)
  })
})
