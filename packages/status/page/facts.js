/**
 * What is shown of a service: its facts, in words that belong to its kind. Facts that are not known here are shown as they are.
 *
 * @module
 */
import { formatAgo, formatBytes, formatCount, formatDuration, formatLabel, formatRough } from './format.js'
import { visible } from './visible.js'

/** @typedef {import('../src/index.ts').StatusNode} StatusNode */
/** @typedef {'plain' | 'good' | 'warning' | 'bad'} Tone */

/**
 * One fact, as it is shown.
 *
 * @typedef {object} ShownFact
 * @property {string} label - empty when the value speaks for itself
 * @property {string} value
 * @property {Tone} tone
 * @property {boolean} wide - whether it needs more room than a number
 */

/**
 * What a service has to say in a sentence.
 *
 * @typedef {object} Message
 * @property {string} label
 * @property {string} text
 * @property {Tone} tone
 */

/**
 * Makes words of a number; nothing when it is not worth a word.
 *
 * @typedef {(value: number, now: number) => string | undefined} Words
 */

/** @type {Words} */
const ifAny = (value) => (value === 0 ? undefined : formatCount(value))

/**
 * Facts that are numbers: label, words, tone.
 *
 * @type {Readonly<Record<string, readonly [label: string, words: Words, tone?: Tone]>>}
 */
const NUMBERS = {
  // Listeners.
  connections: ['connections', formatCount],
  accepted: ['accepted', formatCount],
  refused: ['refused', ifAny, 'warning'],
  waiting: ['waiting', ifAny],
  bytesRead: ['in', formatBytes],
  bytesWritten: ['out', formatBytes],
  handshakes: ['handshakes', ifAny],
  handshakeFailures: ['failed handshakes', ifAny, 'warning'],
  untrusted: ['untrusted', ifAny, 'warning'],
  invalid: ['invalid', ifAny, 'warning'],
  reloads: ['reloads', ifAny],
  // Datagrams.
  received: ['received', formatCount],
  dropped: ['dropped', ifAny, 'warning'],
  sent: ['sent', formatCount],
  failures: ['failures', ifAny, 'warning'],
  // Clients.
  attempts: ['attempts', formatCount],
  retryIn: ['retry', (value) => (value < 0.5 ? 'now' : `in ${formatRough(value)}`), 'warning'],
  // Timers.
  step: ['every', formatDuration],
  runs: ['runs', formatCount],
  missed: ['missed', ifAny, 'warning'],
  errors: ['errors', ifAny, 'bad'],
  lastRun: ['last run', formatAgo],
  runTime: ['took', formatDuration],
  nextRun: ['next run', formatAgo],
  inProgressFor: ['running for', formatDuration],
  // Cooperators and their tasks.
  tasks: ['tasks', formatCount],
  ready: ['ready', ifAny],
  paused: ['paused', ifAny, 'warning'],
  steps: ['steps', formatCount],
  cpuTime: ['CPU', formatDuration],
  longestStep: ['longest step', formatDuration],
  // The page itself, and what holds others.
  viewers: ['viewers', formatCount],
  services: ['services', formatCount],
}

/** So many characters have room in one column. */
const NARROW = 22

/** Names of facts that tell a unit: what is not listed above is told by them. */
const BYTES = /^bytes|Bytes$/
const DURATION = /(?:Timeout|Delay|Duration|Interval)$/

/** Where a service is to be found: needs no label. */
const PLACES = new Set(['address', 'endpoint', 'destination', 'peer'])

/**
 * Facts that are words, with labels that are not their names.
 *
 * @type {Readonly<Record<string, string>>}
 */
const LABELS = { longestStepTask: 'by' }

/** These are told as a message. */
const SENTENCES = new Set(['cause', 'reloadError'])

/** @type {Readonly<Record<string, Tone>>} */
const CONNECTION_TONES = { connected: 'good', waiting: 'warning', restarting: 'warning', failed: 'bad' }

const GOOD = new Set(['running', 'serving', 'ready', 'waiting', 'done'])

/**
 * The facts of a node, in the order in which it tells them.
 *
 * @param {StatusNode} node
 * @param {number} now - of the process, in seconds since 1970
 * @param {number} [age] - how old the node is, in seconds: counts on what goes on
 * @returns {ShownFact[]}
 */
export function shownFacts({ facts }, now, age = 0) {
  /** @type {ShownFact[]} */
  const shown = []
  for (const [name, fact] of Object.entries(facts)) {
    if (fact === null || SENTENCES.has(name)) continue
    // Where it listens is what was asked for, and more.
    if (name === 'endpoint' && typeof facts['address'] === 'string') continue
    const one = typeof fact === 'number' ? shownNumber(name, fact, facts, now, age) : shownWord(name, fact)
    if (one !== undefined) shown.push(one)
  }
  return shown
}

/**
 * @param {string} name
 * @param {number} fact
 * @param {StatusNode['facts']} facts
 * @param {number} now
 * @param {number} age
 * @returns {ShownFact | undefined}
 */
function shownNumber(name, fact, facts, now, age) {
  if (!Object.hasOwn(NUMBERS, name)) {
    const format = BYTES.test(name) ? formatBytes : DURATION.test(name) ? formatDuration : formatCount
    return withRoom(visible(formatLabel(name)), format(fact), 'plain')
  }
  const [label, words, tone = 'plain'] = /** @type {(typeof NUMBERS)[string]} */ (NUMBERS[name])
  const value = words(since(name, fact, age), now)
  if (value === undefined) return undefined
  const inARow = name === 'failures' && Object.hasOwn(facts, 'connection')
  return { label: inARow ? 'failed in a row' : label, value, tone, wide: false }
}

/**
 * @param {string} label
 * @param {string} value
 * @param {Tone} tone
 * @returns {ShownFact}
 */
function withRoom(label, value, tone) {
  return { label, value, tone, wide: label.length + value.length > NARROW }
}

/**
 * A length of time goes on while no news comes.
 *
 * @param {string} name
 * @param {number} fact
 * @param {number} age
 */
function since(name, fact, age) {
  if (name === 'retryIn') return Math.max(0, fact - age)
  return name === 'inProgressFor' ? fact + age : fact
}

/**
 * @param {string} name
 * @param {string | boolean} fact
 * @returns {ShownFact | undefined}
 */
function shownWord(name, fact) {
  if (name === 'paused' && fact === false) return undefined
  const value = fact === true ? 'yes' : fact === false ? 'no' : visible(fact)
  if (PLACES.has(name)) return { label: '', value, tone: 'plain', wide: true }
  const label = (Object.hasOwn(LABELS, name) && LABELS[name]) || visible(formatLabel(name))
  return withRoom(label, value, toneOfWord(name, fact))
}

/**
 * @param {string} name
 * @param {string | boolean} fact
 * @returns {Tone}
 */
function toneOfWord(name, fact) {
  if (name === 'connection') return CONNECTION_TONES[String(fact)] ?? 'plain'
  return (name === 'paused' && fact === true) || (name === 'connected' && fact === false)
    ? 'warning'
    : 'plain'
}

/**
 * What is wrong with a node, in its own words.
 *
 * @param {StatusNode} node
 * @returns {Message | undefined}
 */
export function messageOf({ state, error, facts }) {
  if (error !== null) {
    return state === 'failed'
      ? { label: '', text: visible(error), tone: 'bad' }
      : { label: 'last error', text: visible(error), tone: 'plain' }
  }
  const { cause, reloadError } = facts
  if (typeof cause === 'string') {
    const isOver = facts['connection'] === 'connected'
    return { label: isOver ? 'last failure' : '', text: visible(cause), tone: isOver ? 'plain' : 'warning' }
  }
  if (typeof reloadError !== 'string') return undefined
  return { label: 'could not be reloaded', text: visible(reloadError), tone: 'warning' }
}

/**
 * How the state of a service is to be seen.
 *
 * @param {StatusNode} node
 * @returns {Tone}
 */
export function toneOf({ state, facts }) {
  if (state === 'failed' || facts['connection'] === 'failed') return 'bad'
  if (state === 'starting' || state === 'stopping' || facts['paused'] === true) return 'warning'
  if (!GOOD.has(state)) return 'plain'
  const { connection, connected } = facts
  if ((connection !== undefined && connection !== 'connected') || connected === false) return 'warning'
  return typeof facts['reloadError'] === 'string' ? 'warning' : 'good'
}
