/**
 * The rows of the tree, each found again by the path of its service, so that what is focused, selected, opened or scrolled to stays so.
 *
 * @module
 */
import { actionOf } from './keyboard.js'
import { staying } from './reconcile.js'
import { Row } from './row.js'

/** @typedef {import('./outline.js').Entry} Entry */

/** Shows rows, and listens to keys and clicks on them. */
export class ServiceTable {
  #list
  #setOpened
  /** @type {Map<string, Row>} */
  #rows = new Map()
  /** @type {readonly Entry[]} */
  #entries = []
  /** The row that the tab key leads to. */
  #current = ''
  /** Messages that somebody has opened, by path. */
  #messages = /** @type {Set<string>} */ (new Set())

  /**
   * @param {HTMLElement} list
   * @param {(paths: readonly string[], open: boolean) => void} setOpened - what to do when somebody opens or closes branches
   */
  constructor(list, setOpened) {
    this.#list = list
    this.#setOpened = setOpened
    list.addEventListener('keydown', (event) => this.#onKey(event))
    list.addEventListener('click', (event) => this.#onClick(event))
    list.addEventListener('focusin', ({ target }) => {
      const row = this.#rowOf(target)
      if (row !== undefined) this.#setCurrent(row.entry.node.path)
    })
  }

  /**
   * @param {readonly Entry[]} entries
   * @param {number} now - of the process, in seconds since 1970
   * @param {number} age - how old the entries are, in seconds
   */
  show(entries, now, age) {
    const before = this.#entries
    const { activeElement } = document
    const hadFocus = activeElement instanceof HTMLElement && this.#list.contains(activeElement)
    this.#entries = entries
    this.#order(before, entries)
    for (const entry of entries) this.#rows.get(entry.node.path)?.update(entry, now, age)
    this.#keepCurrent(before)
    if (!hadFocus || activeElement === document.activeElement) return
    // What was moved loses the focus, and what was taken away leaves it to the row in its place.
    if (activeElement.isConnected) activeElement.focus({ preventScroll: true })
    else this.#focusCurrent()
  }

  /**
   * Makes, takes away and moves rows.
   *
   * @param {readonly Entry[]} before
   * @param {readonly Entry[]} after
   */
  #order(before, after) {
    const isSame =
      before.length === after.length &&
      before.every(({ node }, index) => node.path === after[index]?.node.path)
    if (isSame) return
    const paths = after.map(({ node }) => node.path)
    const wanted = new Set(paths)
    const stay = staying(
      before.map(({ node }) => node.path),
      paths,
    )
    for (const [path, row] of this.#rows) {
      if (wanted.has(path)) continue
      row.element.remove()
      this.#rows.delete(path)
    }
    /** @type {Element | null} */
    let next = null
    for (const entry of after.toReversed()) {
      const { path } = entry.node
      let row = this.#rows.get(path)
      if (row === undefined) this.#rows.set(path, (row = new Row(entry, this.#messages)))
      if (!stay.has(path)) this.#list.insertBefore(row.element, next)
      next = row.element
    }
  }

  /**
   * When the row that the tab key leads to is gone, the one in its place takes over.
   *
   * @param {readonly Entry[]} before
   */
  #keepCurrent(before) {
    if (this.#rows.has(this.#current)) return
    const index = before.findIndex(({ node }) => node.path === this.#current)
    const instead = this.#entries[Math.min(Math.max(index, 0), this.#entries.length - 1)]
    if (instead !== undefined) this.#setCurrent(instead.node.path)
  }

  /** @param {string} path */
  #setCurrent(path) {
    const [old, row] = [this.#rows.get(this.#current), this.#rows.get(path)]
    if (old !== undefined) old.element.tabIndex = -1
    if (row !== undefined) row.element.tabIndex = 0
    this.#current = path
  }

  #focusCurrent() {
    this.#rows.get(this.#current)?.element.focus()
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    const row = this.#rowOf(event.target)
    // What is inside of a row, such as an error, has keys of its own.
    if (row === undefined || event.target !== row.element) return
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const action = actionOf(event.key, this.#entries, this.#entries.indexOf(row.entry))
    if (action === undefined) return
    event.preventDefault()
    if ('go' in action) {
      const entry = this.#entries[action.go]
      if (entry !== undefined) this.#setCurrent(entry.node.path)
      this.#focusCurrent()
    } else if ('toggle' in action) this.#toggle(row)
    else this.#setOpened(action.paths, action.open)
  }

  /** @param {MouseEvent} event */
  #onClick({ target, detail }) {
    const row = this.#rowOf(target)
    // Who selects text does not want to close what they read; the second click of two takes back what the first did.
    if (row === undefined || detail > 2 || (detail < 2 && getSelection()?.isCollapsed === false)) return
    if (row.entry.open === undefined || !(/** @type {Element} */ (target).closest('.service'))) return
    this.#toggle(row)
  }

  /** @param {Row} row */
  #toggle({ entry, details }) {
    if (entry.open !== undefined) this.#setOpened([entry.node.path], !entry.open)
    else if (details !== undefined) details.open = !details.open
  }

  /** @param {EventTarget | null} target */
  #rowOf(target) {
    if (!(target instanceof Element)) return undefined
    const path = target.closest('[data-path]')?.getAttribute('data-path')
    return path === undefined || path === null ? undefined : this.#rows.get(path)
  }
}
