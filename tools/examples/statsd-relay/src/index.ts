/**
 * A StatsD to Graphite relay: a whole program out of the packages of Sennit.
 *
 * @module
 */
export { type CarbonSinkOptions, carbonSink } from './carbon-sink.ts'
export { CarbonWriter } from './carbon-writer.ts'
export { graphiteLines } from './graphite-lines.ts'
export { Metrics, type Snapshot } from './metrics.ts'
export { type Relay, type RelayOptions, relay } from './relay.ts'
export { Samples } from './samples.ts'
export { sortInSteps, STEP } from './sort-in-steps.ts'
