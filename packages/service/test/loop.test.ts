import { describe, expect, it } from 'vitest'
import { closeLoop, currentTurn, openLoop, outside, push } from '../src/loop.ts'

const journal: string[] = []
const step = (name: string, body: () => void = () => {}) => ({
  step() {
    journal.push(name)
    body()
  },
})

describe('The loop', () => {
  it('does what was pushed last first, until nothing is left', () => {
    journal.length = 0
    const base = openLoop()
    push(step('a'))
    push(step('b', () => push(step('c'))))
    expect(journal).toEqual([])
    closeLoop(base)
    expect(journal).toEqual(['b', 'c', 'a'])
  })

  it('finishes a loop within a loop, and leaves the rest to the outer one', () => {
    journal.length = 0
    const base = openLoop()
    push(step('outer'))
    const inner = openLoop()
    push(step('inner'))
    closeLoop(inner)
    expect(journal).toEqual(['inner'])
    closeLoop(base)
    expect(journal).toEqual(['inner', 'outer'])
  })

  it('postpones what must not happen inside until the outermost loop has ended', () => {
    journal.length = 0
    const base = openLoop()
    push(
      step('a', () =>
        outside(() => {
          journal.push('outside')
          push(step('then'))
        }),
      ),
    )
    push(step('b'))
    closeLoop(base)
    expect(journal).toEqual(['b', 'a', 'outside', 'then'])
  })

  it('does at once what may happen now', () => {
    journal.length = 0
    outside(() => push(step('now')))
    expect(journal).toEqual(['now'])
  })

  it('counts outermost loops as turns', () => {
    const before = currentTurn()
    const base = openLoop()
    const turn = currentTurn()
    const inner = openLoop()
    expect(currentTurn()).toBe(turn)
    closeLoop(inner)
    closeLoop(base)
    closeLoop(openLoop())
    expect([turn - before, currentTurn() - before]).toEqual([1, 2])
  })
})
