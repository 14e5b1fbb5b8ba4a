/**
 * How late the event loop was, second by second.
 *
 * @module
 */
import type { IReactorTime, IWallClock, Seconds } from '@sennit/interfaces'
import { BackgroundTimer } from './background-timer.ts'
import type { IDelayHistogram, IProbe } from './node-process.ts'
import type { EventLoopStatus, LoopDelay } from './status-document.ts'

/** The loop is looked at so often: a finer look costs more, and finds nothing that matters. */
const RESOLUTION: Seconds = 0.02

const INTERVAL: Seconds = 1

/** How many intervals are kept. */
const KEPT = 120

/** Measures from `start()` to `stop()`. */
export class LoopDelayMeter {
  readonly #probe: IProbe
  readonly #history: LoopDelay[] = []
  #histogram: IDelayHistogram | undefined
  #timer: BackgroundTimer | undefined

  constructor(probe: IProbe) {
    this.#probe = probe
  }

  start(clock: IReactorTime, wallClock: IWallClock): void {
    this.stop()
    const histogram = this.#probe.delays(RESOLUTION)
    this.#histogram = histogram
    histogram.enable()
    const timer = new BackgroundTimer(clock, () => {
      timer.start(INTERVAL)
      if (histogram.count === 0) return
      this.#history.push({ time: wallClock.now(), ...delaysOf(histogram) })
      if (this.#history.length > KEPT) this.#history.shift()
      histogram.reset()
    })
    timer.start(INTERVAL)
    this.#timer = timer
  }

  stop(): void {
    this.#histogram?.disable()
    this.#histogram = undefined
    this.#timer?.stop()
    this.#timer = undefined
  }

  describe(): EventLoopStatus {
    return { interval: INTERVAL, history: this.#history.slice() }
  }
}

/** The histogram holds whole rounds: the resolution, and what came on top of it. */
function delaysOf(histogram: IDelayHistogram): Omit<LoopDelay, 'time'> {
  const late = (nanoseconds: number): Seconds => Math.max(0, nanoseconds / 1e9 - RESOLUTION)
  return {
    mean: late(histogram.mean),
    p50: late(histogram.percentile(50)),
    p99: late(histogram.percentile(99)),
    max: late(histogram.max),
  }
}
