import { describe, expect, it } from 'vitest'
import { closeLoop, currentTurn, inLoop, openLoop, outside, push } from '../src/loop.ts'

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

  it('does all that is left when a step throws, and throws the first error at the end', () => {
    journal.length = 0
    const broken = (name: string) =>
      step(name, () => {
        throw new Error(name)
      })
    expect(() =>
      inLoop(() => {
        push(step('last'))
        push(broken('a'))
        outside(() => {
          journal.push('outside')
          throw new Error('outside')
        })
        outside(() => push(step('then')))
        inLoop(() => push(broken('b')))
      }),
    ).toThrow('b')
    expect(journal).toEqual(['b', 'a', 'last', 'outside', 'then'])
    outside(() => push(step('now')))
    expect(journal.at(-1)).toBe('now')
  })

  it('is closed when what opens it throws', () => {
    journal.length = 0
    const broken = () => {
      push(step('pushed'))
      throw new Error('no')
    }
    expect(() => inLoop(broken)).toThrow('no')
    expect(() => outside(broken)).toThrow('no')
    outside(() => push(step('now')))
    expect(journal).toEqual(['pushed', 'pushed', 'now'])
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
