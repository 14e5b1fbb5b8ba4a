/**
 * The row of one service.
 *
 * @module
 */
import { make, setAttribute, Words } from './dom.js'
import { FactList } from './fact-list.js'
import { messageOf, shownFacts } from './facts.js'
import { formatLongDuration, formatMany } from './format.js'
import { MessageView } from './message-view.js'
import { visible } from './visible.js'

/** @typedef {import('./outline.js').Entry} Entry */

/** The style indents no further. */
const DEEPEST = 9

/** A row, with what in it changes. */
export class Row {
  /** @type {Entry} */
  entry
  element
  #name = new Words(make('span', 'name'))
  #kind = new Words(make('span', 'kind'))
  #troubles = new Words(make('span', 'troubles'))
  #state = new Words(make('span', 'word'))
  #since = new Words(make('div', 'since'))
  #facts = new FactList()
  #message
  /** What the attributes say. */
  #said = ''
  /** @type {number | null} */
  #sinceTime = null

  /**
   * @param {Entry} entry
   * @param {Set<string>} openMessages - the paths of those whose message somebody has opened
   */
  constructor(entry, openMessages) {
    const { path } = entry.node
    this.entry = entry
    this.#message = new MessageView(path, openMessages)
    const twisty = make('span', 'twisty')
    const dot = make('span', 'dot')
    for (const drawn of [twisty, dot]) drawn.ariaHidden = 'true'
    const words = [this.#name, this.#kind, this.#troubles].flatMap(({ element }) => [element, ' '])
    const cells = [
      make('div', 'service', [twisty, make('span', 'names', words)]),
      make('div', 'state', [dot, this.#state.element]),
      this.#since.element,
      make('div', 'does', [this.#facts.element, this.#message.element]),
    ]
    for (const cell of cells) cell.role = 'gridcell'
    this.element = make('div', 'row', cells)
    this.element.role = 'row'
    this.element.tabIndex = -1
    this.element.title = visible(path)
    this.element.dataset['path'] = path
  }

  /** The message, when it can be opened. */
  get details() {
    return this.#message.details
  }

  /**
   * @param {Entry} entry
   * @param {number} now - of the process, in seconds since 1970
   * @param {number} age - how old the entry is, in seconds
   */
  update(entry, now, age) {
    this.entry = entry
    const { node, hiddenTroubles } = entry
    const { name, kind, state, since } = node
    this.#say(entry)
    this.#name.set(visible(name ?? kind))
    this.#kind.set(name === null ? '' : visible(kind))
    this.#troubles.set(hiddenTroubles === 0 ? '' : formatMany(hiddenTroubles, 'problem'))
    this.#state.set(visible(state))
    this.#since.set(since === null ? '' : formatLongDuration(now - since))
    if (since !== this.#sinceTime) this.#setSince(since)
    this.#facts.show(shownFacts(node, now, age))
    this.#message.show(messageOf(node))
  }

  /** @param {Entry} entry */
  #say({ tone, level, at, of, open }) {
    const said = `${level} ${at} ${of} ${open} ${tone}`
    if (said === this.#said) return
    this.#said = said
    const { element } = this
    setAttribute(element, 'aria-level', level)
    setAttribute(element, 'aria-posinset', at)
    setAttribute(element, 'aria-setsize', of)
    setAttribute(element, 'aria-expanded', open)
    setAttribute(element, 'data-level', Math.min(level, DEEPEST))
    setAttribute(element, 'data-tone', tone)
  }

  /** @param {number | null} since */
  #setSince(since) {
    this.#sinceTime = since
    const { element } = this.#since
    setAttribute(
      element,
      'title',
      since === null ? undefined : `since ${new Date(since * 1000).toLocaleString()}`,
    )
  }
}
