/**
 * The tree: one list item for each service, found again by its path, so that what is open, selected or focused stays so.
 *
 * @module
 */
import { shownFacts, toneOf } from './facts.js'
import { formatAgo } from './format.js'

/** @typedef {import('../src/index.ts').StatusNode} StatusNode */

/**
 * The elements of a service that change.
 *
 * @typedef {object} Row
 * @property {HTMLLIElement} item
 * @property {HTMLElement} line
 * @property {HTMLElement} name
 * @property {HTMLElement} kind
 * @property {HTMLElement} state
 * @property {HTMLElement} since
 * @property {HTMLElement} facts
 * @property {HTMLElement} error
 * @property {HTMLDetailsElement | undefined} details
 * @property {HTMLUListElement | undefined} list
 * @property {string} words - what is looked at when something is sought
 */

/** Shows a tree in a list. */
export class Tree {
  /** @type {Map<string, Row>} */
  #rows = new Map()
  #list
  #sought = ''

  /** @param {HTMLUListElement} list */
  constructor(list) {
    this.#list = list
  }

  /**
   * Shows a tree as it is now.
   *
   * @param {StatusNode} root
   * @param {number} now - of the process, in seconds since 1970
   * @param {number} age - how old the tree is, in seconds
   * @returns {boolean} whether something is found of what is sought
   */
  show(root, now, age) {
    const seen = new Set()
    /** @type {[StatusNode, HTMLUListElement, Element | null][]} */
    const work = [[root, this.#list, this.#list.firstElementChild]]
    /** @type {[StatusNode, Row][]} */
    const shown = []
    for (let next = work.pop(); next !== undefined; next = work.pop()) {
      const [node, list, place] = next
      seen.add(node.path)
      const row = this.#row(node)
      if (place !== row.item) list.insertBefore(row.item, place)
      fill(row, node, now, age)
      shown.push([node, row])
      this.#addChildren(row, node, work)
    }
    for (const [path, row] of this.#rows) {
      if (seen.has(path)) continue
      row.item.remove()
      this.#rows.delete(path)
    }
    return this.#filter(shown)
  }

  /**
   * Shows only what has these words, and what leads to it.
   *
   * @param {string} words
   */
  seek(words) {
    this.#sought = words.trim().toLowerCase()
  }

  /** @param {boolean} open */
  openAll(open) {
    for (const { details } of this.#rows.values()) if (details !== undefined) details.open = open
  }

  /**
   * @param {Row} row
   * @param {StatusNode} node
   * @param {[StatusNode, HTMLUListElement, Element | null][]} work
   */
  #addChildren(row, node, work) {
    setBranch(row, node.children.length > 0)
    const { list } = row
    if (list === undefined) return
    // From the last to the first: the place of each is before the one that follows it.
    /** @type {[StatusNode, HTMLUListElement, Element | null][]} */
    const places = []
    let place = list.firstElementChild
    for (const child of node.children) {
      const item = this.#row(child).item
      if (item.parentElement !== list) list.insertBefore(item, place)
      else if (item !== place) list.insertBefore(item, place)
      else place = place?.nextElementSibling ?? null
      places.push([child, list, item])
    }
    work.push(...places.reverse())
  }

  /**
   * @param {StatusNode} node
   * @returns {Row}
   */
  #row(node) {
    let row = this.#rows.get(node.path)
    if (row === undefined) {
      row = makeRow(node)
      this.#rows.set(node.path, row)
    }
    return row
  }

  /**
   * @param {readonly [StatusNode, Row][]} shown - parents before children
   * @returns {boolean}
   */
  #filter(shown) {
    /** @type {Set<Element>} */
    const found = new Set()
    for (const [, { item, words }] of shown.toReversed()) {
      const hit = this.#sought === '' || found.has(item) || words.includes(this.#sought)
      if (item.hidden === hit) item.hidden = !hit
      const above = item.parentElement?.closest('li')
      if (hit && above) found.add(above)
    }
    return shown.some(([, { item }]) => !item.hidden)
  }
}

/**
 * @param {StatusNode} node
 * @returns {Row}
 */
function makeRow({ path }) {
  const item = document.createElement('li')
  const line = add(item, 'div', 'line')
  const dot = add(line, 'span', 'dot')
  dot.setAttribute('aria-hidden', 'true')
  const name = add(line, 'span', 'name')
  const kind = add(line, 'span', 'kind')
  const state = add(line, 'span', 'state')
  const since = add(line, 'span', 'since')
  const facts = add(item, 'p', 'facts')
  const error = add(item, 'p', 'error')
  item.dataset['path'] = path
  return {
    item,
    line,
    name,
    kind,
    state,
    since,
    facts,
    error,
    details: undefined,
    list: undefined,
    words: '',
  }
}

/**
 * Gives a row a list that opens and closes, or takes it away.
 *
 * @param {Row} row
 * @param {boolean} wanted
 */
function setBranch(row, wanted) {
  const { item, line, facts, error, details } = row
  if (wanted === (details !== undefined)) return
  if (details === undefined) {
    const opened = document.createElement('details')
    opened.open = true
    const summary = add(opened, 'summary', '')
    summary.append(line, facts, error)
    row.details = opened
    row.list = /** @type {HTMLUListElement} */ (add(opened, 'ul', ''))
    item.append(opened)
  } else {
    item.append(line, facts, error)
    details.remove()
    row.details = undefined
    row.list = undefined
  }
}

/**
 * @param {Row} row
 * @param {StatusNode} node
 * @param {number} now
 * @param {number} age
 */
function fill(row, node, now, age) {
  const { item, name, kind, state, since, facts, error } = row
  const tone = toneOf(node)
  if (item.dataset['tone'] !== tone) item.dataset['tone'] = tone
  const title = node.name ?? node.kind
  setText(name, title)
  setText(kind, node.name === null ? '' : node.kind)
  setText(state, node.state)
  setText(since, node.since === null ? '' : formatAgo(node.since, now).replace(/ ago$/, ''))
  const shown = shownFacts(node, now, age)
  while (facts.childElementCount > shown.length) facts.lastElementChild?.remove()
  shown.forEach((fact, at) => fillFact(facts.children[at] ?? add(facts, 'span', 'fact'), fact))
  setText(error, node.error ?? '')
  row.words = `${title}\n${node.kind}\n${node.state}\n${node.error ?? ''}`.toLowerCase()
}

/**
 * @param {Element} element
 * @param {import('./facts.js').ShownFact} fact
 */
function fillFact(element, { label, value, tone }) {
  const [words = add(element, 'span', 'label'), number = add(element, 'span', 'value')] = element.children
  setText(words, label === '' ? '' : `${label} `)
  setText(number, value)
  if (element.getAttribute('data-tone') !== tone) element.setAttribute('data-tone', tone)
}

/**
 * @param {Element} element
 * @param {string} text
 */
function setText(element, text) {
  if (element.textContent !== text) element.textContent = text
}

/**
 * @param {Element} parent
 * @param {string} tag
 * @param {string} className
 * @returns {HTMLElement}
 */
function add(parent, tag, className) {
  const element = document.createElement(tag)
  if (className !== '') element.className = className
  parent.append(element)
  return element
}
