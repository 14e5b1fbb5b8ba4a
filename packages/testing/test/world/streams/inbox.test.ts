import { describe, expect, it } from 'vitest'
import { Inbox, type Item } from '../../../src/world/streams/inbox.ts'

function newInbox() {
  const turns: (() => void)[] = []
  const got: Item[] = []
  const time = { soon: (f: () => void) => void turns.push(f) as never }
  const inbox = new Inbox(time, { deliver: (item) => got.push(item) })
  const turn = () => turns.splice(0).forEach((f) => f())
  return { inbox, got, turn }
}

const bytes = Buffer.from('a')

describe('Inbox', () => {
  it('keeps what comes until it is opened, then delivers it in a later turn', () => {
    const { inbox, got, turn } = newInbox()
    inbox.add(bytes)
    inbox.open()
    inbox.add('end')
    expect(got).toEqual([])
    turn()
    expect(got).toEqual([bytes, 'end'])
    inbox.add(bytes)
    expect(got).toHaveLength(3)
  })

  it('delivers nothing while it is paused', () => {
    const { inbox, got, turn } = newInbox()
    inbox.open()
    inbox.pause()
    expect(inbox.isPaused).toBe(true)
    inbox.add(bytes)
    turn()
    expect(got).toEqual([])
    inbox.resume()
    inbox.resume()
    turn()
    expect(got).toEqual([bytes])
  })

  it('gives back what is dropped', () => {
    const { inbox, got, turn } = newInbox()
    inbox.add(bytes)
    expect(inbox.drop()).toEqual([bytes])
    inbox.open()
    turn()
    expect(got).toEqual([])
  })
})
