/**
 * The tree as the list of rows that are to be seen: without what is closed, and without what is not sought.
 *
 * @module
 */
import { toneOf } from './facts.js'

/** @typedef {import('../src/index.ts').StatusNode} StatusNode */
/** @typedef {import('./facts.js').Tone} Tone */

/**
 * What is asked to be seen.
 *
 * @typedef {object} Sought
 * @property {string} words - that a service has in its name, kind, state, place or error; empty for all
 * @property {boolean} troubled - only what has failed, or is about to do something about it
 */

/**
 * A row.
 *
 * @typedef {object} Entry
 * @property {StatusNode} node
 * @property {Tone} tone
 * @property {number} level - from 1
 * @property {number} at - its place among its siblings that are to be seen, from 1
 * @property {number} of - the number of them
 * @property {boolean | undefined} open - `undefined` of what has nothing below it
 * @property {number} hiddenTroubles - in what is closed
 */

/**
 * What there is, all in all.
 *
 * @typedef {object} Counts
 * @property {number} services - without tasks
 * @property {number} failed
 * @property {number} warned
 */

/**
 * What is known of a node and all below it.
 *
 * @typedef {object} Branch
 * @property {StatusNode} node
 * @property {Tone} tone
 * @property {boolean} hit - whether it is sought itself
 * @property {boolean} leads - whether something below it is
 * @property {number} troubles - below it
 * @property {Branch[]} children
 */

/** Branches with more children than this are closed until somebody opens them. */
const CROWD = 100

const BY_NAME = new Intl.Collator('en', { numeric: true })

/**
 * @param {StatusNode} root
 * @param {Sought} sought
 * @param {ReadonlyMap<string, boolean>} opened - by path, what somebody has opened or closed
 * @returns {Entry[]}
 */
export function outlineOf(root, sought, opened) {
  const top = branchOf(root, matcherOf(sought))
  /** @type {Entry[]} */
  const entries = []
  if (top.hit || top.leads) addEntry(top, { entries, opened, seeking: isSeeking(sought) }, 1, 1, 1, false)
  return entries
}

/**
 * @param {StatusNode} root
 * @returns {Counts}
 */
export function countsOf(root) {
  const counts = { services: 0, failed: 0, warned: 0 }
  const work = [root]
  for (let node = work.pop(); node !== undefined; node = work.pop()) {
    work.push(...node.children)
    const tone = toneOf(node)
    if (tone === 'bad') counts.failed++
    else if (tone === 'warning') counts.warned++
    if (node.kind !== 'CooperativeTask') counts.services++
  }
  return counts
}

/** @param {Sought} sought */
export function isSeeking({ words, troubled }) {
  return troubled || words.trim() !== ''
}

/**
 * @param {Sought} sought
 * @returns {(node: StatusNode, tone: Tone) => boolean}
 */
function matcherOf({ words, troubled }) {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean)
  return (node, tone) => {
    if (troubled && !isTrouble(tone)) return false
    if (wanted.length === 0) return true
    const text = textOf(node)
    return wanted.every((word) => text.includes(word))
  }
}

/** @param {StatusNode} node */
function textOf({ name, kind, state, error, facts }) {
  const words = [name, kind, state, error]
  for (const fact of Object.values(facts)) if (typeof fact === 'string') words.push(fact)
  return words.join('\n').toLowerCase()
}

/** @param {Tone} tone */
function isTrouble(tone) {
  return tone === 'bad' || tone === 'warning'
}

/**
 * Tasks are told in the order in which they have their turns, which changes all the time: here they stand by their names.
 *
 * @param {readonly StatusNode[]} nodes
 */
function inOrder(nodes) {
  if (!nodes.some(({ kind }) => kind === 'CooperativeTask')) return nodes
  return nodes.toSorted((a, b) => BY_NAME.compare(a.path, b.path))
}

/**
 * @param {StatusNode} node
 * @param {(node: StatusNode, tone: Tone) => boolean} matches
 * @returns {Branch}
 */
function branchOf(node, matches) {
  const tone = toneOf(node)
  const children = inOrder(node.children).map((child) => branchOf(child, matches))
  let leads = false
  let troubles = 0
  for (const child of children) {
    leads ||= child.hit || child.leads
    troubles += child.troubles + Number(isTrouble(child.tone))
  }
  return { node, tone, hit: matches(node, tone), leads, troubles, children }
}

/**
 * @param {Branch} branch
 * @param {{ entries: Entry[], opened: ReadonlyMap<string, boolean>, seeking: boolean }} into
 * @param {number} level
 * @param {number} at
 * @param {number} of
 * @param {boolean} found - whether something above it was sought: then all of it may be seen
 */
function addEntry(branch, into, level, at, of, found) {
  const { node, tone, hit, leads, troubles, children } = branch
  const all = found || (hit && !leads)
  const below = all ? children : children.filter((child) => child.hit || child.leads)
  const isOpen =
    into.opened.get(node.path) ?? (into.seeking ? leads : level === 1 || node.children.length <= CROWD)
  into.entries.push({
    node,
    tone,
    level,
    at,
    of,
    open: below.length === 0 ? undefined : isOpen,
    hiddenTroubles: below.length === 0 || isOpen ? 0 : troubles,
  })
  if (!isOpen) return
  below.forEach((child, index) => addEntry(child, into, level + 1, index + 1, below.length, all))
}
