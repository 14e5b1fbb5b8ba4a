/**
 * The few things that are done with elements here. Text stays text, and what has not changed is not touched.
 *
 * @module
 */

/**
 * An element with a class.
 *
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {string} className
 * @param {readonly (Node | string)[]} [children]
 * @returns {HTMLElementTagNameMap[T]}
 */
export function make(tag, className, children = []) {
  const element = document.createElement(tag)
  if (className !== '') element.className = className
  element.append(...children)
  return element
}

/** A text in an element that has nothing else in it. Its node stays, so that a selection that ends elsewhere does. */
export class Words {
  #node = document.createTextNode('')

  /** @param {Element} element */
  constructor(element) {
    this.element = element
    element.replaceChildren(this.#node)
    this.text = ''
  }

  /** @param {string} text */
  set(text) {
    // Compared here: to ask the document costs more.
    if (text === this.text) return
    this.text = text
    this.#node.data = text
  }
}

/**
 * @param {Element} element
 * @param {string} name
 * @param {string | number | boolean | undefined} value - takes it away when `undefined`
 */
export function setAttribute(element, name, value) {
  if (value === undefined) element.removeAttribute(name)
  else element.setAttribute(name, String(value))
}

/**
 * The element of the page with an id.
 *
 * @template {typeof Element} T
 * @param {string} id
 * @param {T} type
 * @returns {InstanceType<T>}
 */
export function byId(id, type) {
  const found = document.getElementById(id)
  if (!(found instanceof type)) throw new TypeError(`The page has no such element: ${id}`)
  return /** @type {InstanceType<T>} */ (found)
}

/**
 * The text of the element of the page with an id.
 *
 * @param {string} id
 */
export function wordsIn(id) {
  return new Words(byId(id, HTMLElement))
}
