/**
 * What is shown of a service: its facts, in words that belong to its kind. Facts that are not known here are shown as they are.
 *
 * @module
 */
import { formatAgo, formatBytes, formatCount, formatDuration, formatLabel } from './format.js'

/** @typedef {import('../src/index.ts').StatusNode} StatusNode */
/** @typedef {string | number | boolean | null} Value */

/**
 * One fact, as it is shown.
 *
 * @typedef {object} ShownFact
 * @property {string} label
 * @property {string} value
 * @property {'plain' | 'good' | 'warning' | 'bad'} tone
 */

/**
 * Makes words of the value of a fact; nothing when it is not worth a word.
 *
 * @typedef {(value: number, now: number) => string | undefined} Words
 */

/** @type {Words} */
const count = (value) => formatCount(value)
/** @type {Words} */
const duration = (value) => formatDuration(value)
/** @type {Words} */
const bytes = (value) => formatBytes(value)
/** @type {Words} */
const when = (value, now) => formatAgo(value, now)
/** @type {Words} */
const ifAny = (value) => (value === 0 ? undefined : formatCount(value))

/**
 * Facts that are numbers: label, words, and the tone of what is not 0.
 *
 * @type {Record<string, [label: string, words: Words, tone?: ShownFact['tone']]>}
 */
const NUMBERS = {
  connections: ['connections', count],
  accepted: ['accepted', count],
  refused: ['refused', ifAny, 'warning'],
  waiting: ['waiting', ifAny],
  bytesRead: ['in', bytes],
  bytesWritten: ['out', bytes],
  received: ['received', count],
  dropped: ['dropped', ifAny, 'warning'],
  sent: ['sent', count],
  attempts: ['attempts', count],
  failures: ['failures in a row', ifAny, 'warning'],
  retryIn: ['next attempt in', duration, 'warning'],
  step: ['every', duration],
  runs: ['runs', count],
  missed: ['missed', ifAny, 'warning'],
  errors: ['errors', ifAny, 'bad'],
  lastRun: ['last run', when],
  runTime: ['took', duration],
  nextRun: ['next run', when],
  inProgressFor: ['running for', duration],
  tasks: ['tasks', count],
  steps: ['steps', count],
  cpuTime: ['CPU', duration],
  longestStep: ['longest step', duration],
  viewers: ['viewers', count],
  services: ['services', count],
}

/** @type {Record<string, ShownFact['tone']>} */
const CONNECTION_TONES = { connected: 'good', connecting: 'plain', waiting: 'warning', failed: 'bad' }

const GOOD = new Set(['running', 'serving', 'ready'])

/**
 * The facts of a node, in the order in which they are read.
 *
 * @param {StatusNode} node
 * @param {number} now - of the process, in seconds since 1970
 * @param {number} [age] - how old the node is, in seconds: counts down what is to come
 * @returns {ShownFact[]}
 */
export function shownFacts({ facts }, now, age = 0) {
  /** @type {ShownFact[]} */
  const shown = []
  for (const [name, fact] of Object.entries(facts)) {
    if (fact === null || (name === 'paused' && !fact)) continue
    const one = shownFact(
      name,
      name === 'retryIn' && typeof fact === 'number' ? Math.max(0, fact - age) : fact,
      now,
    )
    if (one !== undefined) shown.push(one)
  }
  return shown
}

/**
 * @param {string} name
 * @param {Exclude<Value, null>} fact
 * @param {number} now
 * @returns {ShownFact | undefined}
 */
function shownFact(name, fact, now) {
  if (name === 'connection') {
    return { label: '', value: String(fact), tone: CONNECTION_TONES[String(fact)] ?? 'plain' }
  }
  if (name === 'cause') return { label: 'because', value: String(fact), tone: 'warning' }
  if (name === 'address' || name === 'endpoint') return { label: '', value: String(fact), tone: 'plain' }
  const known = Object.hasOwn(NUMBERS, name) ? NUMBERS[name] : undefined
  if (known === undefined || typeof fact !== 'number') {
    const value =
      typeof fact === 'number' ? formatCount(fact) : fact === true ? 'yes' : fact === false ? 'no' : fact
    return { label: formatLabel(name), value, tone: name === 'paused' ? 'warning' : 'plain' }
  }
  const [label, words, tone = 'plain'] = known
  const value = words(fact, now)
  return value === undefined ? undefined : { label, value, tone }
}

/**
 * How the state of a service is to be seen.
 *
 * @param {StatusNode} node
 * @returns {ShownFact['tone']}
 */
export function toneOf({ state, facts }) {
  if (state === 'failed') return 'bad'
  if (state === 'starting' || state === 'stopping' || facts['paused'] === true) return 'warning'
  if (facts['connection'] !== undefined && facts['connection'] !== 'connected') return 'warning'
  return GOOD.has(state) ? 'good' : 'plain'
}
