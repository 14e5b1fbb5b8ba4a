import { describe, expect, it } from 'vitest'
import { Seats } from '../src/seats.ts'

describe('Seats', () => {
  it('has those who came and have not left', () => {
    const seats = new Seats<string>()
    const [a, b] = [seats.take('a'), seats.take('b')]
    seats.take('c')
    seats.leave(b)
    expect([seats.size, seats.present()]).toEqual([2, ['a', 'c']])
    seats.leave(a)
    seats.take('d')
    seats.take('e')
    expect([seats.size, seats.present().toSorted()]).toEqual([3, ['c', 'd', 'e']])
  })

  it('gives a seat to another, so that it needs no more memory than the most that were there at once', () => {
    const seats = new Seats<number>()
    const taken = new Set<number>()
    for (let i = 0; i < 1000; i++) {
      const [one, another] = [seats.take(i), seats.take(-i)]
      taken.add(one).add(another)
      seats.leave(one)
      seats.leave(another)
    }
    expect([taken.size, seats.size]).toEqual([2, 0])
  })

  it('begins anew when very many have left', () => {
    const seats = new Seats<number>()
    const taken = Array.from({ length: 1000 }, (_, i) => seats.take(i))
    for (const seat of taken) seats.leave(seat)
    expect([seats.size, seats.present(), seats.take(7), seats.take(8)]).toEqual([0, [], 0, 1])
  })

  it('may be left by those who are told that it ends', () => {
    const seats = new Seats<{ seat: number }>()
    const all = Array.from({ length: 100 }, () => ({ seat: -1 }))
    for (const each of all) each.seat = seats.take(each)
    for (const each of seats.present()) seats.leave(each.seat)
    expect(seats.size).toBe(0)
  })
})
