import { Duplex } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { cut } from '../src/cut.ts'

/** Takes nothing, so that what is written stays buffered. */
function stream(reset?: () => void): Duplex & { resetAndDestroy?: () => void } {
  const made = new Duplex({ read() {}, write() {} }).on('error', () => {})
  return reset === undefined ? made : Object.assign(made, { resetAndDestroy: reset })
}

describe('cut', () => {
  it('resets what can be reset', () => {
    let resets = 0
    const made = stream(() => resets++)
    cut(made, new Error('why'))
    expect([resets, made.destroyed]).toEqual([1, false])
  })

  it('destroys what cannot, for the reason', () => {
    const reason = new Error('why')
    const made = stream()
    cut(made, reason)
    expect([made.destroyed, made.errored]).toEqual([true, reason])
  })

  it('destroys what refuses to be reset, as a UNIX socket does', () => {
    const made = stream(() => {
      throw new TypeError('This handle type cannot be sent')
    })
    cut(made)
    expect([made.destroyed, made.errored]).toEqual([true, null])
  })

  it('destroys what has sent all and announced its end, which the system would not reset', () => {
    let resets = 0
    const made = stream(() => resets++)
    made.end()
    cut(made)
    expect([resets, made.destroyed]).toEqual([0, true])
  })

  it('resets what has ended, but has yet to send', () => {
    let resets = 0
    const made = stream(() => resets++)
    made.end('the rest')
    cut(made)
    expect(resets).toBe(1)
  })

  it('leaves alone what is gone', () => {
    let resets = 0
    const made = stream(() => resets++)
    made.destroy()
    cut(made)
    expect(resets).toBe(0)
  })
})
