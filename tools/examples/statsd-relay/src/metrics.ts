/**
 * What has been counted since the last flush.
 *
 * @module
 */
import { Samples } from './samples.ts'
import { parseStatsdLine } from './statsd-line.ts'

/** What one flush sends. */
export interface Snapshot {
  readonly counters: ReadonlyMap<string, number>
  readonly gauges: ReadonlyMap<string, number>
  readonly timers: ReadonlyMap<string, Samples>
  readonly sets: ReadonlyMap<string, ReadonlySet<string>>
  readonly badLines: number
  /** How many lines came, without the bad ones. */
  readonly events: number
}

/** Gathers StatsD lines. Gauges stay from one flush to the next, the rest begins anew. */
export class Metrics {
  #counters = new Map<string, number>()
  readonly #gauges = new Map<string, number>()
  #timers = new Map<string, Samples>()
  #sets = new Map<string, Set<string>>()
  #badLines = 0
  #events = 0
  readonly #reportBadLine: (line: string) => void

  /** @param reportBadLine - told about each line that makes no sense */
  constructor(reportBadLine: (line: string) => void = () => {}) {
    this.#reportBadLine = reportBadLine
  }

  /** Takes one or more lines. */
  take(text: string): void {
    for (const line of text.split('\n')) {
      if (line.trim() !== '') this.takeLine(line.trim())
    }
  }

  /** Takes one line; one that makes no sense is counted and reported. */
  takeLine(line: string): void {
    const metric = parseStatsdLine(line)
    if (metric !== undefined) this.#events++
    switch (metric?.type) {
      case undefined:
        this.badLine(line)
        break
      case 'counter':
        this.#counters.set(metric.name, (this.#counters.get(metric.name) ?? 0) + metric.value / metric.rate)
        break
      case 'gauge':
        this.#gauges.set(
          metric.name,
          (metric.relative ? (this.#gauges.get(metric.name) ?? 0) : 0) + metric.value,
        )
        break
      case 'timer':
        getOrMake(this.#timers, metric.name, () => new Samples()).add(metric.value, metric.rate)
        break
      case 'set':
        getOrMake(this.#sets, metric.name, () => new Set()).add(metric.member)
    }
  }

  /** Counts and reports a line that makes no sense. */
  badLine(line: string): void {
    this.#badLines++
    this.#reportBadLine(line)
  }

  /** Everything since the last time. */
  snapshot(): Snapshot {
    const snapshot: Snapshot = {
      counters: this.#counters,
      gauges: new Map(this.#gauges),
      timers: this.#timers,
      sets: this.#sets,
      badLines: this.#badLines,
      events: this.#events,
    }
    this.#counters = new Map()
    this.#timers = new Map()
    this.#sets = new Map()
    this.#badLines = 0
    this.#events = 0
    return snapshot
  }
}

function getOrMake<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  let value = map.get(key)
  if (value === undefined) {
    value = make()
    map.set(key, value)
  }
  return value
}
