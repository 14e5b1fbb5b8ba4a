/**
 * Anything in any order, from a seed: calls of the service, results of attempts, losses, closes that are answered late or
 * never, and time. At the end the faults stop, and all must come right.
 *
 * A failure names its seed; `SEED=7` in the environment runs that one alone.
 */
import type { IConnectable, IConnectAttempt, ILog } from '@sennit/interfaces'
import { Clock } from '@sennit/runtime'
import { describe, expect, it } from 'vitest'
import { ConnectionService } from '../src/connection-service.ts'
import { type Outcome, outcome, settle } from './fakes.ts'

const CLOSE_TIMEOUT = 5
const CONNECT_TIMEOUT = 30
const PREPARE_TIMEOUT = 20
const MAX_DELAY = 60

function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** One attempt, and the connection that may come of it. */
class Peer {
  readonly given: IConnectAttempt
  readonly promise: Promise<Peer>
  resolve!: (peer: Peer) => void
  reject!: (error: Error) => void
  pending = true
  open = false
  /** Whether the service has said that it does not want it. */
  unwanted = false

  constructor(given: IConnectAttempt) {
    this.given = given
    this.promise = new Promise((resolve, reject) => {
      this.resolve = resolve
      this.reject = reject
    })
  }

  lose(): void {
    if (!this.open) return
    this.open = false
    this.given.lost(new Error('lost'))
  }
}

class World implements IConnectable<Peer> {
  readonly random: () => number
  readonly peers: Peer[] = []
  /** From here on everything works and answers. */
  healed = false

  constructor(random: () => number) {
    this.random = random
  }

  chance(probability: number): boolean {
    return this.random() < probability
  }

  pick<T>(list: readonly T[]): T | undefined {
    return list[Math.floor(this.random() * list.length)]
  }

  connect(given: IConnectAttempt): Peer | Promise<Peer> {
    const peer = new Peer(given)
    this.peers.push(peer)
    if (!this.healed && this.chance(0.05)) {
      peer.pending = false
      throw new Error('thrown')
    }
    if (this.healed || this.chance(0.1)) {
      this.arrive(peer)
      return peer
    }
    if (this.chance(0.7))
      given.signal.addEventListener('abort', () => {
        if (peer.pending) this.refuse(peer)
      })
    return peer.promise
  }

  arrive(peer: Peer): void {
    peer.pending = false
    peer.open = true
    peer.resolve(peer)
    if (!this.healed && this.chance(0.1)) peer.lose()
  }

  refuse(peer: Peer): void {
    peer.pending = false
    peer.reject(new Error('refused'))
  }

  close(peer: Peer): void {
    peer.unwanted = true
    if (!this.healed && this.chance(0.02)) throw new Error('cannot close')
    if (this.healed || this.chance(0.4)) peer.lose()
  }

  abort(peer: Peer): void {
    peer.unwanted = true
    if (this.healed || this.chance(0.8)) peer.lose()
  }

  prepare(): unknown {
    if (this.healed || this.chance(0.6)) return undefined
    if (this.chance(0.3)) throw new Error('bad login')
    if (this.chance(0.3)) return Promise.reject(new Error('bad login'))
    if (this.chance(0.5)) return Promise.resolve()
    return new Promise(() => {})
  }

  /** Lets the network do something. */
  step(): void {
    const pending = this.peers.filter((peer) => peer.pending)
    const open = this.peers.filter((peer) => peer.open)
    const peer = this.pick([...pending, ...open])
    if (peer === undefined) return
    if (peer.open) peer.lose()
    else if (this.chance(0.5)) this.arrive(peer)
    else this.refuse(peer)
  }

  heal(): void {
    this.healed = true
    for (const peer of this.peers) {
      if (peer.pending) this.refuse(peer)
      if (peer.unwanted) peer.lose()
    }
  }
}

const NEXT: Record<string, readonly string[]> = {
  idle: ['connecting', 'stopped'],
  connecting: ['connected', 'waiting', 'disconnecting', 'stopped'],
  waiting: ['connecting', 'stopped', 'disconnecting'],
  connected: ['waiting', 'disconnecting', 'stopped'],
  disconnecting: ['stopped', 'restarting'],
  restarting: ['connecting', 'disconnecting', 'stopped'],
  stopped: ['connecting'],
}

const silent: ILog = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }

async function play(seed: number): Promise<void> {
  const random = seeded(seed)
  const world = new World(random)
  const clock = new Clock()
  const service: ConnectionService<Peer> = new ConnectionService<Peer>(world, {
    clock,
    log: silent,
    random,
    closeTimeout: CLOSE_TIMEOUT,
    connectTimeout: CONNECT_TIMEOUT,
    prepareTimeout: PREPARE_TIMEOUT,
    stableAfter: world.chance(0.3) ? 10 : 0,
    prepareConnection: world.chance(0.5) ? () => world.prepare() : undefined,
    retryPolicy: (failures) => {
      if (!world.healed && world.chance(0.05)) throw new Error('broken')
      if (world.chance(0.1)) return NaN
      if (world.chance(0.02)) meddle()
      return Math.min(failures, MAX_DELAY)
    },
  })
  const trace: string[] = []
  const settling: [string, Outcome<unknown>][] = []
  let wanted = false
  let name = service.connectionState.name
  let connectedOf: Peer | undefined

  const calls: Record<string, () => void> = {
    start: () => {
      wanted = true
      settling.push(['start', outcome(service.startService() as Promise<void>)])
    },
    stop: () => {
      wanted = false
      settling.push(['stop', outcome(service.stopService() as Promise<void>)])
    },
    wait: () => {
      const failAfterFailures = world.chance(0.5) ? Math.floor(random() * 4) : undefined
      const timeout = world.chance(0.2) ? Math.floor(random() * 100) : undefined
      settling.push(['wait', outcome(service.whenConnected({ failAfterFailures, timeout }))])
    },
    reconnect: () => service.reconnectNow(),
  }
  /** One call, from wherever we are. */
  const meddle = () => {
    if (world.healed) return
    const call = world.pick(Object.keys(calls))!
    trace.push(`(${call})`)
    calls[call]!()
  }
  const check = () => {
    const { current } = service
    if (current !== undefined)
      expect(current.open && !current.unwanted, 'the current one is alive').toBe(true)
  }
  /** What has come is in the hands of the service only after its promise has been heard. */
  const checkSettled = async () => {
    await settle()
    check()
    const unclosed = world.peers.filter((peer) => peer.open && !peer.unwanted)
    expect(unclosed.length, 'connections that nobody closes').toBeLessThanOrEqual(1)
  }

  service.onConnectionState((state) => {
    expect(NEXT[name], `${name} → ${state.name}`).toContain(state.name)
    name = state.name
    if (name === 'connected') {
      if (service.current !== undefined) expect(service.current, 'each connection once').not.toBe(connectedOf)
      connectedOf = service.current ?? connectedOf
    }
    if (!world.healed && world.chance(0.1)) meddle()
  })

  const steps = 5 + Math.floor(random() * 40)
  for (let step = 0; step < steps; step++) {
    const dice = random()
    if (dice < 0.25) meddle()
    else if (dice < 0.7) {
      trace.push('network')
      world.step()
    } else {
      const seconds = world.pick([0, 0.5, 1, 2, 5, 20, 30, 61])!
      trace.push(`+${seconds}`)
      clock.advance(seconds)
    }
    check()
    if (world.chance(0.6)) await checkSettled()
  }

  // The faults stop: what was asked for last must come to pass, in a bounded time.
  trace.push('healed')
  world.heal()
  await checkSettled()
  for (let turn = 0; turn < 5; turn++) {
    clock.advance(MAX_DELAY + CONNECT_TIMEOUT)
    await checkSettled()
  }
  expect(service.running, 'the last word wins').toBe(wanted)
  expect(wanted ? ['connected'] : ['idle', 'stopped']).toContain(service.connectionState.name)
  for (const [what, { state }] of settling) if (what !== 'wait') expect(state, what).not.toBe('pending')

  // And a last stop leaves nothing behind.
  calls['stop']!()
  for (let turn = 0; turn < 4; turn++) {
    await settle()
    clock.advance(CLOSE_TIMEOUT)
  }
  await settle()
  expect(service.connectionState.name).toBe('stopped')
  for (const [what, { state }] of settling) expect(state, what).not.toBe('pending')
  expect(world.peers.filter((peer) => peer.open && !peer.unwanted)).toEqual([])
  expect(clock.getDelayedCalls(), 'left on the clock').toEqual([])
}

describe('ConnectionService: any order of events', () => {
  const only = process.env['SEED']
  const seeds = only === undefined ? Array.from({ length: 1500 }, (_, seed) => seed + 1) : [Number(only)]

  it(`CS-52 CS-79 CS-84 keeps its promises in ${seeds.length} random histories`, async () => {
    const failed: unknown[] = []
    for (const seed of seeds) {
      await play(seed).catch((error: Error) => failed.push(`SEED=${seed}: ${error.message}`))
      if (failed.length > 0) break
    }
    expect(failed).toEqual([])
  }, 60_000)
})
