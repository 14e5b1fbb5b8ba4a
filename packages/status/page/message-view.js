/**
 * What a service has to say in a sentence, such as its error: one that is long, or has several lines, can be opened.
 *
 * @module
 */
import { make, Words } from './dom.js'

/** @typedef {import('./facts.js').Message} Message */

/** A message of more characters than this can be opened. */
const SHORT = 140

/** Shows it, whatever it has become. */
export class MessageView {
  element = make('div', '')
  #isLong = /** @type {boolean | undefined} */ (undefined)
  /** @type {HTMLDetailsElement | undefined} */
  #details
  #label = new Words(make('span', 'label'))
  #line = new Words(make('span', 'text'))
  #rest = new Words(make('div', 'more'))
  #remembered
  #path

  /**
   * @param {string} path - of the service
   * @param {Set<string>} remembered - the paths of those whose message somebody has opened
   */
  constructor(path, remembered) {
    this.#path = path
    this.#remembered = remembered
  }

  /** What can be opened, if it can. */
  get details() {
    return this.#details
  }

  /** @param {Message | undefined} message */
  show(message) {
    if (message === undefined) {
      if (this.#isLong !== undefined) this.#clear()
      return
    }
    const { label, text, tone } = message
    const at = text.indexOf('\n')
    this.#shape(at !== -1 || text.length > SHORT)
    this.#label.set(label)
    this.#line.set(at === -1 ? text : text.slice(0, at))
    this.#rest.set(at === -1 ? '' : text.slice(at + 1))
    const look = `message ${tone}`
    if (this.element.className !== look) this.element.className = look
  }

  #clear() {
    this.#isLong = undefined
    this.#details = undefined
    this.element.className = ''
    this.element.replaceChildren()
  }

  /** @param {boolean} isLong */
  #shape(isLong) {
    if (isLong === this.#isLong) return
    this.#isLong = isLong
    const words = [this.#label.element, ' ', this.#line.element]
    this.#details = isLong ? this.#makeDetails(make('summary', '', words)) : undefined
    this.element.replaceChildren(...(this.#details === undefined ? words : [this.#details]))
  }

  /** @param {HTMLElement} summary */
  #makeDetails(summary) {
    const details = make('details', '', [summary, this.#rest.element])
    details.open = this.#remembered.has(this.#path)
    details.addEventListener('toggle', () => {
      if (details.open) this.#remembered.add(this.#path)
      else this.#remembered.delete(this.#path)
    })
    return details
  }
}
