/** Random histories of a service that listens: whatever becomes of a listen, a serve and a close, no port is left behind. */
import type { IAddress, IListeningPort } from '@sennit/interfaces'
import { Clock, realTurn } from '@sennit/runtime'
import { expect, it } from 'vitest'
import { ListeningService, type ListeningServiceOptions } from '../src/index.ts'
import { recorder } from './kit.ts'

class Port implements IListeningPort {
  isOpen = true
  stops = 0
  readonly #serve: () => void
  readonly #close: () => void | Promise<void>

  constructor(serve: () => void, close: () => void | Promise<void>) {
    this.#serve = serve
    this.#close = close
  }

  getHost(): IAddress {
    return { type: 'UNIX', equals: () => false, toString: () => 'unix:/run/door' } as IAddress
  }
  serve(): void {
    if (!this.isOpen) throw new Error('it is closed')
    this.#serve()
  }
  stopListening(): void | Promise<void> {
    this.stops++
    this.isOpen = false
    return this.#close()
  }
}

class Door extends ListeningService {
  readonly #make: (signal: AbortSignal | undefined) => Promise<IListeningPort>

  constructor(
    make: (signal: AbortSignal | undefined) => Promise<IListeningPort>,
    options: ListeningServiceOptions,
  ) {
    super(options)
    this.#make = make
  }

  protected override listen(_context: unknown, { signal }: { signal?: AbortSignal | undefined }) {
    return this.#make(signal)
  }
}

/** A small generator that repeats. */
function generator(seed: number): (below: number) => number {
  let state = seed * 2 + 1
  return (below) => {
    state = (state * 48_271) % 2_147_483_647
    return state % below
  }
}

it.each(Array.from({ length: 60 }, (_, i) => i + 1))(
  'SE-10 SE-14 leaves no port behind, and closes each once, in history %i',
  async (seed) => {
    const pick = generator(seed)
    const clock = new Clock()
    const ports: Port[] = []
    const late: (() => void)[] = []
    let isQuiet = false
    const odd = (chance: number) => !isQuiet && pick(chance) === 0
    const make = (signal: AbortSignal | undefined): Promise<IListeningPort> => {
      if (odd(8)) throw new Error('threw')
      if (odd(8)) return Promise.reject(new Error('rejected'))
      const port = new Port(
        () => {
          if (odd(6)) throw new Error('cannot serve')
        },
        () => {
          if (odd(6)) return Promise.reject(new Error('cannot close'))
          return odd(3) ? new Promise<void>((resolve) => late.push(resolve)) : undefined
        },
      )
      return new Promise((resolve, reject) => {
        let isGivenUp = false
        const yieldIt = () => {
          if (isGivenUp) return
          ports.push(port)
          resolve(port)
        }
        if (!odd(2)) return yieldIt()
        if (pick(2) === 0) {
          signal?.addEventListener('abort', () => {
            isGivenUp = true
            reject(signal.reason as Error)
          })
        }
        late.push(pick(4) === 0 ? () => reject(new Error('late')) : yieldIt)
      })
    }
    const log = recorder()
    const door = new Door(make, { clock, log, startTimeout: 3, stopTimeout: 3 })
    const ignore = (promise: void | Promise<void>) => void Promise.resolve(promise).catch(() => {})
    for (let i = 0; i < 40; i++) {
      const what = pick(8)
      if (what < 2) ignore(door.startService())
      else if (what === 2) ignore(door.privilegedStartService())
      else if (what < 5) ignore(door.stopService())
      else if (what === 5) late.splice(pick(late.length + 1), 1)[0]?.()
      else if (what === 6) clock.advance(pick(5))
      else await realTurn()
    }
    isQuiet = true
    ignore(door.stopService())
    for (let i = 0; i < 10; i++) {
      clock.advance(4)
      for (const each of late.splice(0)) each()
      await realTurn()
    }
    expect(await Promise.resolve(door.stopService()).catch(() => 'failed')).toBeUndefined()
    expect(ports.map(({ stops }) => stops)).toEqual(ports.map(() => 1))
    expect([door.port, door.running, clock.getDelayedCalls()]).toEqual([undefined, false, []])
    await door.startService()
    expect(door.port).toBe(ports.at(-1))
    await door.stopService()
  },
)
