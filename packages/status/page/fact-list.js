/**
 * The facts of a row, each in its place.
 *
 * @module
 */
import { make, Words } from './dom.js'

/** @typedef {import('./facts.js').ShownFact} ShownFact */

/** A fact: its label and its value. */
class FactView {
  #label = new Words(make('span', 'label'))
  #value = new Words(make('span', 'value'))
  element = make('span', 'fact', [this.#label.element, ' ', this.#value.element])
  #look = ''

  /** @param {ShownFact} fact */
  show({ label, value, tone, wide }) {
    this.#label.set(label)
    this.#value.set(value)
    const look = `fact${wide ? ' wide' : ''}${label === '' ? ' bare' : ''} ${tone}`
    if (look === this.#look) return
    this.#look = look
    this.element.className = look
  }
}

/** All of them. */
export class FactList {
  element = make('div', 'facts')
  /** @type {FactView[]} */
  #views = []

  /** @param {readonly ShownFact[]} facts */
  show(facts) {
    const views = this.#views
    while (views.length > facts.length) views.pop()?.element.remove()
    facts.forEach((fact, index) => {
      let view = views[index]
      if (view === undefined) {
        view = new FactView()
        views.push(view)
        this.element.append(view.element)
      }
      view.show(fact)
    })
  }
}
