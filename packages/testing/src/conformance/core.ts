/**
 * What every reactor does as the main thing of a process: its life, and the events in it.
 *
 * @module
 */
import assert from 'node:assert/strict'
import type {
  IHostPort,
  IListeningPort,
  IReactorCore,
  IReactorTCP,
  IReactorTime,
  IReactorUDP,
  ISystemEvents,
  SystemEventPhase,
  SystemEventTrigger,
} from '@sennit/interfaces'
import { ClientFactory, DatagramProtocol, Factory, Protocol } from '@sennit/protocol'
import type { MemoryLog } from '../memory-log.ts'
import { type ConformanceKit, type Maker, type Surroundings, caseWith } from './kit.ts'

/** What the suite for `IReactorCore` and `ISystemEvents` is given. */
export interface CoreSurroundings extends Surroundings {
  /** One that has never run; what it logs itself goes to `log`. */
  readonly reactor: IReactorTime & IReactorCore & ISystemEvents & IReactorTCP & IReactorUDP
  readonly log: MemoryLog
  /** How long its shutdown waits, in seconds. */
  readonly shutdownTimeout: number
}

const HOST = '127.0.0.1'
const PHASES = ['before', 'during', 'after'] as const
const REFUSED = { code: 'ERR_SENNIT_REACTOR_OPTION' }

/** The reactor of one case, and what has happened. */
class Scene {
  readonly made: CoreSurroundings
  readonly story: string[] = []
  outcome: 'runs' | 'over' | Error | undefined

  constructor(made: CoreSurroundings) {
    this.made = made
  }

  get reactor(): CoreSurroundings['reactor'] {
    return this.made.reactor
  }

  /** Adds to the story, and whether the reactor runs. */
  readonly note = (what: string): void => {
    this.story.push(this.reactor.running ? `${what}, running` : what)
  }

  watch(...events: string[]): void {
    for (const event of events) {
      for (const phase of PHASES) {
        this.reactor.addSystemEventTrigger(phase, event, this.note, `${phase} ${event}`)
      }
    }
  }

  run(): Promise<void> {
    this.outcome = 'runs'
    const ran = this.reactor.run()
    ran.then(
      () => (this.outcome = 'over'),
      (error: Error) => (this.outcome = error),
    )
    return ran
  }

  /** Stops, and waits until it is over. */
  async stop(): Promise<void> {
    this.reactor.stop()
    await this.made.until(() => this.outcome !== 'runs')
  }
}

/** Keeps the reason of its loss. */
class Witness extends Protocol {
  reason: (Error & { code?: string }) | undefined

  override connectionLost(reason: Error): void {
    super.connectionLost(reason)
    this.reason = reason
  }
}

class WitnessFactory extends Factory<Witness> {
  override protocol = Witness
  readonly built: Witness[] = []

  override buildProtocol(): Witness {
    const witness = new Witness()
    this.built.push(witness)
    return witness
  }
}

class WitnessClient extends ClientFactory<Witness> {
  readonly witness = new Witness()
  lost = false

  override buildProtocol(): Witness {
    return this.witness
  }

  override clientConnectionLost(): void {
    this.lost = true
  }
}

/** The suite for the roles `IReactorCore` and `ISystemEvents`. */
export function coreConformance(kit: ConformanceKit, make: Maker<CoreSurroundings>): void {
  const cases = caseWith(kit, make)
  const it = (title: string, run: (scene: Scene) => Promise<void>) =>
    cases(title, async (made) => {
      const scene = new Scene(made)
      try {
        await run(scene)
      } finally {
        if (scene.outcome === 'runs') {
          made.reactor.crash()
          await made.until(() => scene.outcome !== 'runs')
        }
      }
    })

  kit.describe('IReactorCore', () => {
    it('RX-12 RX-14 runs from "during startup" to "during shutdown"', async (scene) => {
      scene.watch('startup', 'shutdown')
      void scene.run()
      assert.deepEqual(scene.story.splice(0), [
        'before startup',
        'during startup, running',
        'after startup, running',
      ])
      assert.equal(scene.reactor.running, true)
      await scene.stop()
      assert.deepEqual(scene.story, ['before shutdown, running', 'during shutdown', 'after shutdown'])
      assert.equal(scene.reactor.running, false)
      assert.equal(scene.outcome, 'over')
    })

    it('RX-12 is not run twice at once, and not again after a stop', async (scene) => {
      void scene.run()
      await assert.rejects(scene.made.run(scene.reactor.run()), {
        code: 'ERR_SENNIT_REACTOR_ALREADY_RUNNING',
      })
      assert.equal(scene.outcome, 'runs')
      await scene.stop()
      await assert.rejects(scene.made.run(scene.reactor.run()), {
        code: 'ERR_SENNIT_REACTOR_NOT_RESTARTABLE',
      })
    })

    it('RX-13 is not stopped when it does not run, nor twice', async (scene) => {
      const notRunning = { code: 'ERR_SENNIT_REACTOR_NOT_RUNNING' }
      assert.throws(() => scene.reactor.stop(), notRunning)
      void scene.run()
      scene.reactor.stop()
      assert.throws(() => scene.reactor.stop(), notRunning)
      await scene.made.until(() => scene.outcome === 'over')
      assert.throws(() => scene.reactor.stop(), notRunning)
    })

    it('RX-13 stops at the end of the turn', async (scene) => {
      scene.watch('shutdown')
      void scene.run()
      scene.reactor.stop()
      assert.deepEqual(scene.story, [])
      assert.equal(scene.reactor.running, true)
      await scene.made.until(() => scene.outcome === 'over')
      assert.equal(scene.story[0], 'before shutdown, running')
    })

    it('RX-13 can be stopped while it starts', async (scene) => {
      scene.watch('startup')
      scene.reactor.addSystemEventTrigger('before', 'startup', () => scene.reactor.stop())
      void scene.run()
      assert.equal(scene.story.length, 3)
      await scene.made.until(() => scene.outcome === 'over')
      assert.equal(scene.reactor.running, false)
    })

    it('RX-15 calls at once when it runs, else after the startup', async (scene) => {
      const { reactor, note, story } = scene
      const trigger = reactor.callWhenRunning(note, 'one')
      const removed = reactor.callWhenRunning(note, 'removed')
      assert.ok(trigger && removed)
      reactor.removeSystemEventTrigger(removed)
      assert.deepEqual(story, [])
      void scene.run()
      assert.deepEqual(story, ['one, running'])
      assert.equal(reactor.callWhenRunning(note, 'two'), undefined)
      assert.deepEqual(story, ['one, running', 'two, running'])
    })

    it('RX-21 ends at once when it crashes, fires nothing, and can be run again', async (scene) => {
      scene.watch('shutdown')
      void scene.run()
      scene.reactor.crash()
      assert.equal(scene.reactor.running, false)
      await scene.made.until(() => scene.outcome === 'over')
      assert.deepEqual(scene.story, [])
      void scene.run()
      assert.equal(scene.reactor.running, true)
      await scene.stop()
      assert.equal(scene.story.length, 3)
    })

    it('RX-20 closes in its shutdown the connections that are left, with ConnectionLost, and the ports', async (scene) => {
      const { reactor, made } = scene
      const [factory, client, datagrams] = [new WitnessFactory(), new WitnessClient(), new DatagramProtocol()]
      void scene.run()
      const port = await made.run(reactor.listenTCP(0, factory, { interface: HOST }))
      const udp = await made.run(reactor.listenUDP(0, datagrams, { interface: HOST }))
      reactor.connectTCP(HOST, portOf(port), client)
      await made.until(() => client.witness.connected && factory.built[0]?.connected === true)
      await scene.stop()
      await made.until(() => client.lost)
      const server = factory.built[0]!
      // Whichever side is closed first, both are told that it was no clean end on this side.
      for (const { reason } of [server, client.witness]) {
        assert.equal(reason?.name, 'ConnectionLost')
        assert.match(reason.message, /reactor/)
      }
      assert.equal(port.stopListening(), undefined)
      assert.equal(udp.stopListening(), undefined)
    })

    it('RX-20 leaves the connections alone until every "before" is done', async (scene) => {
      const { reactor, made } = scene
      const factory = new WitnessFactory()
      const client = new WitnessClient()
      let flushed = (): void => {}
      reactor.addSystemEventTrigger(
        'before',
        'shutdown',
        () => new Promise<void>((resolve) => (flushed = resolve)),
      )
      void scene.run()
      const port = await made.run(reactor.listenTCP(0, factory, { interface: HOST }))
      reactor.connectTCP(HOST, portOf(port), client)
      await made.until(() => client.witness.connected && factory.built[0]?.connected === true)
      reactor.stop()
      await made.pass(0.02)
      assert.equal(client.witness.connected, true)
      flushed()
      await made.until(() => client.lost && scene.outcome === 'over')
    })

    it('RX-20 gives up what is still connecting', async (scene) => {
      const { reactor, made } = scene
      const told: string[] = []
      class Failing extends WitnessClient {
        override clientConnectionFailed(): void {
          told.push('failed')
        }
      }
      void scene.run()
      const port = await made.run(reactor.listenTCP(0, new WitnessFactory(), { interface: HOST }))
      reactor.addSystemEventTrigger('before', 'shutdown', () => {
        reactor.connectTCP(HOST, portOf(port), new Failing())
      })
      await scene.stop()
      await made.until(() => told.length > 0)
      assert.deepEqual(told, ['failed'])
    })
  })

  kit.describe('ISystemEvents', () => {
    it('RX-16 calls the phases in their order, and each in the order of adding', async ({
      reactor,
      note,
      story,
    }) => {
      reactor.addSystemEventTrigger('after', 'x', note, 'after')
      reactor.addSystemEventTrigger('before', 'x', note, 'before 1')
      reactor.addSystemEventTrigger('during', 'x', note, 'during')
      reactor.addSystemEventTrigger('before', 'x', note, 'before 2')
      reactor.fireSystemEvent('y')
      assert.deepEqual(story, [])
      reactor.fireSystemEvent('x')
      assert.deepEqual(story, ['before 1', 'before 2', 'during', 'after'])
    })

    it('RX-16 awaits what "before" promises, all together, and nothing else', async ({
      reactor,
      note,
      story,
      made,
    }) => {
      let [one, two] = [(): void => {}, (): void => {}]
      reactor.addSystemEventTrigger('before', 'x', () => new Promise<void>((resolve) => (one = resolve)))
      reactor.addSystemEventTrigger('before', 'x', () => new Promise<void>((resolve) => (two = resolve)))
      reactor.addSystemEventTrigger('during', 'x', () => new Promise(() => {}))
      reactor.addSystemEventTrigger('after', 'x', note, 'after')
      reactor.fireSystemEvent('x')
      two()
      await made.pass(0.01)
      assert.deepEqual(story, [])
      one()
      await made.until(() => story.length > 0)
      assert.deepEqual(story, ['after'])
    })

    it('RX-17 logs what a trigger throws or rejects with, and calls the others', async (scene) => {
      const { reactor, made } = scene
      const error = new Error('broken')
      for (const phase of PHASES) {
        reactor.addSystemEventTrigger(phase, 'x', () => {
          throw error
        })
        reactor.addSystemEventTrigger(phase, 'x', () => Promise.reject(error))
      }
      scene.watch('x')
      reactor.fireSystemEvent('x')
      await made.until(() => scene.story.length === 3 && made.log.errors().length === 6)
      assert.deepEqual(new Set(made.log.errors()), new Set([error]))
    })

    it('RX-18 calls a "before" that another one adds, but not one that comes while it waits', async ({
      reactor,
      note,
      story,
      made,
    }) => {
      let done = (): void => {}
      reactor.addSystemEventTrigger('before', 'x', () => {
        reactor.addSystemEventTrigger('before', 'x', note, 'added by another')
        return new Promise<void>((resolve) => (done = resolve))
      })
      reactor.fireSystemEvent('x')
      reactor.addSystemEventTrigger('before', 'x', note, 'too late')
      reactor.addSystemEventTrigger('after', 'x', note, 'after')
      done()
      await made.until(() => story.includes('after'))
      assert.deepEqual(story, ['added by another', 'after'])
    })

    it('RX-18 takes a trigger out; one that was called already is only warned of', async ({
      reactor,
      note,
      story,
      made,
    }) => {
      const removed = reactor.addSystemEventTrigger('during', 'x', note, 'removed')
      const called = reactor.addSystemEventTrigger('before', 'x', note, 'called')
      reactor.removeSystemEventTrigger(removed)
      reactor.fireSystemEvent('x')
      reactor.removeSystemEventTrigger(called)
      assert.deepEqual(story, ['called'])
      assert.equal(made.log.messages('warn').length, 1)
      assert.throws(() => reactor.removeSystemEventTrigger(removed), REFUSED)
    })

    it('RX-18 refuses a trigger that it does not know, and a phase that is none', async ({
      reactor,
      note,
    }) => {
      const unknown: SystemEventTrigger = { phase: 'before', event: 'x' }
      assert.throws(() => reactor.removeSystemEventTrigger(unknown), REFUSED)
      const phase = 'between' as SystemEventPhase
      assert.throws(() => reactor.addSystemEventTrigger(phase, 'x', note, ''), REFUSED)
    })

    it('RX-03 refuses what is no function', async ({ reactor }) => {
      const f = 'no function' as unknown as () => void
      assert.throws(() => reactor.addSystemEventTrigger('before', 'x', f), REFUSED)
      assert.throws(() => reactor.callWhenRunning(f), REFUSED)
    })

    it('RX-19 a shutdown does not wait for ever, and warns of what it waited for', async (scene) => {
      const { reactor, made } = scene
      reactor.addSystemEventTrigger('before', 'shutdown', function neverDone() {
        return new Promise(() => {})
      })
      void scene.run()
      reactor.stop()
      await made.pass(made.shutdownTimeout)
      await made.until(() => scene.outcome === 'over')
      const warnings = made.log.events.filter(({ level }) => level === 'warn')
      assert.deepEqual(
        warnings.map(({ fields }) => fields['triggers']),
        [['neverDone']],
      )
    })
  })
}

function portOf(port: IListeningPort): number {
  return (port.getHost() as IHostPort).port
}
