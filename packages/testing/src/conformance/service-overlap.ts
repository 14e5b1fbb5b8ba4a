/**
 * What every service does whose hooks take time, when it is started and stopped meanwhile.
 *
 * @module
 */
import assert from 'node:assert/strict'
import type { IService } from '@sennit/interfaces'
import { type ConformanceKit, type Maker, type Surroundings, caseWith } from './kit.ts'

/** What the hooks of a service are to do; each waits for what it returns. */
export interface ServiceHookBodies {
  readonly privileged?: ((signal: AbortSignal) => Promise<void> | void) | undefined
  readonly start?: ((signal: AbortSignal) => Promise<void> | void) | undefined
  readonly stop?: ((signal: AbortSignal) => Promise<void> | void) | undefined
}

/** What the suite for services with hooks is given. */
export interface ServiceOverlapSurroundings extends Surroundings {
  /** Makes a service with these hooks. */
  service(bodies: ServiceHookBodies): IService
}

/** A service whose hooks wait until they are let go on, and which writes a journal. */
class Slow {
  readonly journal: string[] = []
  readonly signals: AbortSignal[] = []
  readonly #made: ServiceOverlapSurroundings
  readonly #waiting: { resolve: () => void; reject: (error: Error) => void }[] = []
  readonly service: IService

  constructor(made: ServiceOverlapSurroundings) {
    this.#made = made
    const hook = (name: string) => (signal: AbortSignal) => {
      this.journal.push(name)
      this.signals.push(signal)
      return new Promise<void>((resolve, reject) => {
        this.#waiting.push({ resolve, reject })
      })
    }
    this.service = made.service({ privileged: hook('privileged'), start: hook('start'), stop: hook('stop') })
  }

  /** Lets the hook that waits succeed. */
  async goOn(): Promise<void> {
    await this.#made.until(() => this.#waiting.length > 0)
    this.#waiting.shift()!.resolve()
  }

  /** Lets the hook that waits fail. */
  async failWith(error: Error): Promise<void> {
    await this.#made.until(() => this.#waiting.length > 0)
    this.#waiting.shift()!.reject(error)
  }

  /** Stops the service, letting its hook succeed. */
  async stop(): Promise<void> {
    const stopped = this.service.stopService()
    await this.goOn()
    await this.#made.run(stopped)
  }
}

/** The suite for services whose hooks may be asynchronous. */
export function serviceOverlapConformance(
  kit: ConformanceKit,
  make: Maker<ServiceOverlapSurroundings>,
): void {
  const it = caseWith(kit, make)

  kit.describe('IService: overlapping starts and stops', () => {
    it('SV-03 a second start joins the first, with a promise of its own', async (made) => {
      const slow = new Slow(made)
      const { service, journal } = slow
      const first = service.startService()
      const second = service.startService()
      assert.ok(first instanceof Promise && second instanceof Promise)
      assert.notEqual(first, second)
      await slow.goOn()
      await made.run(Promise.all([first, second]))
      assert.deepEqual(journal, ['start'])
      await slow.stop()
    })

    it('SV-03 a second stop joins the first, with a promise of its own', async (made) => {
      const slow = new Slow(made)
      const { service, journal } = slow
      const started = service.startService()
      await slow.goOn()
      await made.run(started)
      const first = service.stopService()
      const second = service.stopService()
      assert.ok(first instanceof Promise && second instanceof Promise)
      assert.notEqual(first, second)
      await slow.goOn()
      await made.run(Promise.all([first, second]))
      assert.deepEqual(journal, ['start', 'stop'])
    })

    it('SV-03 a start during a stop waits for it', async (made) => {
      const slow = new Slow(made)
      const { service, journal } = slow
      const started = service.startService()
      await slow.goOn()
      await made.run(started)
      const stopped = service.stopService()
      const again = service.startService()
      await made.pass(0.01)
      assert.deepEqual(journal, ['start', 'stop'])
      await slow.goOn()
      await made.run(stopped)
      await slow.goOn()
      await made.run(again)
      assert.deepEqual(journal, ['start', 'stop', 'start'])
      assert.equal(service.running, true)
      await slow.stop()
    })

    it('SV-03 a stop during a start aborts its signal, waits for it, then stops what had started', async (made) => {
      const slow = new Slow(made)
      const { service, journal, signals } = slow
      const started = service.startService()
      await made.until(() => journal.length === 1)
      const stopped = service.stopService()
      assert.equal(signals[0]!.aborted, true)
      assert.deepEqual(journal, ['start'])
      await slow.goOn()
      await slow.goOn()
      await made.run(stopped)
      await assert.rejects(made.run(started), { code: 'ABORT_ERR' })
      assert.deepEqual(journal, ['start', 'stop'])
      assert.equal(service.running, false)
    })

    it('SV-03 what fails during such a stop has nothing to be stopped', async (made) => {
      const slow = new Slow(made)
      const { service, journal } = slow
      const started = service.startService()
      await made.until(() => journal.length === 1)
      const stopped = service.stopService()
      await slow.failWith(new Error('given up'))
      await assert.rejects(made.run(started), { code: 'ABORT_ERR' })
      await made.run(stopped)
      assert.deepEqual(journal, ['start'])
    })

    it('a start that fails leaves it stopped, and rejects with the error', async (made) => {
      const slow = new Slow(made)
      const { service, journal } = slow
      const error = new Error('boom')
      const started = service.startService()
      await slow.failWith(error)
      await assert.rejects(made.run(started), (thrown) => thrown === error)
      assert.equal(service.running, false)
      await made.run(service.stopService())
      assert.deepEqual(journal, ['start'])
    })

    it('what the privileged start has done is undone by the stop', async (made) => {
      const slow = new Slow(made)
      const { service, journal } = slow
      const prepared = service.privilegedStartService()
      await slow.goOn()
      await made.run(prepared)
      const stopped = service.stopService()
      await slow.goOn()
      await made.run(stopped)
      assert.deepEqual(journal, ['privileged', 'stop'])
    })

    it('a signal gives the start up, and what had started is stopped', async (made) => {
      const slow = new Slow(made)
      const { service, journal } = slow
      const controller = new AbortController()
      const reason = new Error('enough')
      const started = service.startService({ signal: controller.signal })
      await made.until(() => journal.length === 1)
      controller.abort(reason)
      await slow.goOn()
      await slow.goOn()
      await assert.rejects(made.run(started), (thrown) => thrown === reason)
      assert.deepEqual(journal, ['start', 'stop'])
      assert.equal(service.running, false)
    })

    it('SV-03 the last word wins, however many there are', async (made) => {
      const journal: string[] = []
      const service = made.service({
        start: () => void journal.push('start'),
        stop: () => void journal.push('stop'),
      })
      const all = [
        service.startService(),
        service.stopService(),
        service.startService(),
        service.stopService(),
        service.startService(),
      ]
      await made.run(Promise.allSettled(all.map((each) => Promise.resolve(each))))
      assert.equal(service.running, true)
      assert.deepEqual(alternating(journal), true)
      await made.run(service.stopService())
      assert.equal(journal.at(-1), 'stop')
    })
  })
}

/** Whether starts and stops take turns, a start first. */
function alternating(journal: readonly string[]): boolean {
  return journal.every((word, i) => word === (i % 2 === 0 ? 'start' : 'stop'))
}
