import { describe, expect, it } from 'vitest'
import { type Link, Ring } from '../src/ring.ts'

class Member implements Link<Member> {
  before: Member | undefined = undefined
  after: Member | undefined = undefined
  readonly name: string
  constructor(name: string) {
    this.name = name
  }
}

function make(text: string) {
  const names = text.split('')
  const ring = new Ring(new Member('gate'))
  const members = Object.fromEntries(names.map((name) => [name, new Member(name)]))
  for (const member of Object.values(members)) ring.add(member)
  const turns = (count: number) => {
    let seen = ''
    for (let i = 0; i < count; i++) {
      const member = ring.next()
      ring.turn(member)
      seen += member.name
    }
    return seen
  }
  return { ring, members, turns }
}

describe('Ring', () => {
  it('CO-02 gives turns in the order of joining, again and again', () => {
    const { ring, turns } = make('abc')
    expect(turns(7)).toBe('abcabca')
    expect(ring.current.name).toBe('a')
  })

  it('CO-06 goes on after the one that had the last turn, whoever joins or leaves', () => {
    const { ring, members, turns } = make('abcd')
    expect(turns(2)).toBe('ab')
    ring.remove(members['b']!)
    expect(turns(1)).toBe('c')
    ring.remove(members['a']!)
    ring.add(members['b']!)
    expect(turns(5)).toBe('dbcdb')
  })

  it('gives one that joins at the end of a round the next turn', () => {
    const { ring, turns } = make('abc')
    expect(turns(3)).toBe('abc')
    ring.add(new Member('d'))
    expect(turns(4)).toBe('dabc')
  })

  it('knows the one that had the last turn also when it has left', () => {
    const { ring, members, turns } = make('ab')
    expect(turns(2)).toBe('ab')
    ring.remove(members['b']!)
    expect(ring.current.name).toBe('b')
    expect(turns(2)).toBe('aa')
  })

  it('is empty when all have left, and can be filled again', () => {
    const { ring, members, turns } = make('ab')
    expect(ring.empty).toBe(false)
    turns(1)
    ring.remove(members['a']!)
    ring.remove(members['b']!)
    ring.remove(members['b']!)
    expect(ring.empty).toBe(true)
    expect([...ring]).toEqual([])
    ring.add(members['b']!)
    expect(turns(2)).toBe('bb')
  })

  it('tells whose turn comes after any member, and does not give it', () => {
    const { ring, members } = make('abc')
    expect(ring.after(members['b']!).name).toBe('c')
    expect(ring.after(members['c']!).name).toBe('a')
    expect(ring.next().name).toBe('a')
    expect(ring.next().name).toBe('a')
  })

  it('iterates in order, also when a member leaves while it is visited', () => {
    const { ring } = make('abc')
    const seen: string[] = []
    for (const member of ring) {
      seen.push(member.name)
      ring.remove(member)
    }
    expect(seen.join('')).toBe('abc')
    expect(ring.empty).toBe(true)
  })

  it('tells who had the latest turns', () => {
    const { ring, turns } = make('abc')
    turns(5)
    expect([...ring.latest(3)].map(({ name }) => name)).toEqual(['b', 'a', 'gate'])
  })
})
