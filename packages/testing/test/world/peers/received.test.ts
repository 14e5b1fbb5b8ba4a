import { describe, expect, it } from 'vitest'
import { Received } from '../../../src/world/peers/received.ts'

const bytes = (text: string) => Buffer.from(text)

describe('Received', () => {
  it('collects bytes, and forgets them', () => {
    const received = new Received()
    expect(received.text()).toBe('')
    received.add(bytes('a'))
    received.add(bytes('b'))
    expect(received.text()).toBe('ab')
    expect(received.bytes()).toEqual(bytes('ab'))
    received.clear()
    expect(received.bytes()).toHaveLength(0)
  })

  it('decodes a character that came in two chunks', () => {
    const received = new Received()
    const [euro] = [bytes('€')]
    received.add(euro!.subarray(0, 1))
    received.add(euro!.subarray(1))
    expect(received.text()).toBe('€')
  })

  it("gives bytes that are the caller's own", () => {
    const received = new Received()
    received.add(bytes('a'))
    received.bytes().fill('x')
    expect(received.text()).toBe('a')
  })

  it('settles a wait when it is there, or comes, over borders of chunks', async () => {
    const received = new Received()
    received.add(bytes('hel'))
    await received.wait('hel')
    await received.wait(/^h/)
    const order: string[] = []
    const waits = [
      received.wait('hello').then(() => order.push('hello')),
      received.wait(/world$/).then(() => order.push('world')),
    ]
    received.add(bytes('lo wor'))
    await waits[0]
    expect(order).toEqual(['hello'])
    received.add(bytes('ld'))
    await Promise.all(waits)
    expect(order).toEqual(['hello', 'world'])
  })

  it('rejects a wait when nothing more comes', async () => {
    const received = new Received()
    const error = new Error('gone')
    const before = received.wait('x')
    received.end(error)
    await expect(before).rejects.toBe(error)
    await expect(received.wait('x')).rejects.toBe(error)
    received.add(bytes('x'))
    await received.wait('x')
  })

  it('does not end the process when nobody looks at a wait', async () => {
    const received = new Received()
    void received.wait('x')
    received.end(new Error('gone'))
    await new Promise((resolve) => setImmediate(resolve))
    await expect(received.wait('x')).rejects.toThrow('gone')
  })
})
