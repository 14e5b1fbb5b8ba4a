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

  it('CO-18 gives one that joins its turn after all that wait, in the order of joining', () => {
    const { ring, turns } = make('abc')
    expect(turns(3)).toBe('abc')
    ring.add(new Member('d'))
    ring.add(new Member('e'))
    expect(turns(5)).toBe('abdec')
  })

  it('CO-18 gives one that leaves in its turn and comes back the last place, also before others that join', () => {
    const { ring, members, turns } = make('abc')
    expect(turns(3)).toBe('abc')
    ring.remove(members['c']!)
    ring.add(new Member('d'))
    ring.add(members['c']!)
    expect(turns(5)).toBe('abdca')
  })

  it.each([1, 2, 3, 4])(
    'CO-02 starves nobody when %d members leave in every turn and come back',
    (leaving) => {
      for (const delay of [0, 1, 2, 5]) {
        const { ring, members } = make('abPQRS'.slice(0, 2 + leaving))
        const counts: Record<string, number> = {}
        const away: [Member, number][] = []
        for (let n = 0; n < 600; n++) {
          while (away.length > 0 && away[0]![1] <= n) ring.add(away.shift()![0])
          const member = ring.next()
          ring.turn(member)
          counts[member.name] = (counts[member.name] ?? 0) + 1
          if (member === members['a'] || member === members['b']) continue
          ring.remove(member)
          if (delay === 0) ring.add(member)
          else away.push([member, n + delay])
        }
        const most = Math.max(...Object.values(counts))
        expect(counts['a']).toBeGreaterThanOrEqual(most - 1)
        expect(counts['b']).toBeGreaterThanOrEqual(most - 1)
        if (delay < 2) expect(Math.min(...Object.values(counts))).toBeGreaterThanOrEqual(most - 1)
      }
    },
  )

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
