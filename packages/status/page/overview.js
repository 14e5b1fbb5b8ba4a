/**
 * What is above the tree: the name, whether it is ready, the process, the delay of its event loop.
 *
 * @module
 */
import { chartOf, ROOM } from './chart.js'
import { byId, make, setAttribute, Words, wordsIn } from './dom.js'
import {
  formatBytes,
  formatCount,
  formatDuration,
  formatLongDuration,
  formatMany,
  formatShare,
} from './format.js'
import { ProcessorUse } from './processor-use.js'
import { visible } from './visible.js'

/** @typedef {import('../src/index.ts').StatusDocument} StatusDocument */
/** @typedef {import('./outline.js').Counts} Counts */

/** Shows it. */
export class Overview {
  #name = wordsIn('name')
  #ready = wordsIn('ready')
  #services = wordsIn('services')
  #failed = wordsIn('failed')
  #warned = wordsIn('warned')
  #process = byId('process', HTMLElement)
  /** @type {Map<string, Words>} */
  #facts = new Map()
  #processors = new ProcessorUse()
  #chart = byId('chart', SVGElement)
  #delay = wordsIn('delay')
  #scale = wordsIn('scale')
  #from = wordsIn('from')

  /**
   * @param {StatusDocument} status
   * @param {Counts} counts
   * @param {boolean} isKnown - whether it is still so
   * @param {number} now - of the process, in seconds since 1970
   */
  show(status, { services, failed, warned }, isKnown, now) {
    const { tree, ready } = status
    this.#name.set(visible(tree.name ?? tree.kind))
    setAttribute(this.#ready.element, 'data-tone', isKnown ? (ready ? 'good' : 'bad') : 'plain')
    this.#ready.set(isKnown ? (ready ? 'ready' : 'not ready') : 'unknown')
    this.#services.set(formatMany(services, 'service'))
    this.#failed.set(failed === 0 ? '' : `${formatCount(failed)} failed`)
    this.#warned.set(warned === 0 ? '' : formatMany(warned, 'warning'))
    this.#showProcess(status, now)
    this.#showLoop(status)
  }

  /**
   * @param {StatusDocument} status
   * @param {number} now
   */
  #showProcess({ time, process }, now) {
    const { pid, node, platform, startedAt, memory } = process
    this.#showFact('Process', String(pid))
    this.#showFact('Up', formatLongDuration(now - startedAt))
    this.#showFact('CPU', formatShare(this.#processors.of(process, time)))
    this.#showFact('Memory', formatBytes(memory.rss))
    this.#showFact('Heap', `${formatBytes(memory.heapUsed)} of ${formatBytes(memory.heapTotal)}`)
    this.#showFact('Node', `${visible(node).replace(/^v/, '')} ${visible(platform)}`)
  }

  /**
   * @param {string} label
   * @param {string} value
   */
  #showFact(label, value) {
    let words = this.#facts.get(label)
    if (words === undefined) {
      words = new Words(make('dd', ''))
      this.#facts.set(label, words)
      this.#process.append(make('div', '', [make('dt', '', [label]), words.element]))
    }
    words.set(value)
  }

  /** @param {StatusDocument} status */
  #showLoop({ eventLoop: { history, interval } }) {
    const { peaks, late, means, scale, text, shortText } = chartOf(history)
    const span = formatDuration(ROOM * interval)
    const [peakPath, latePath, meanPath] = this.#chart.querySelectorAll('path')
    peakPath?.setAttribute('d', peaks)
    latePath?.setAttribute('d', late)
    meanPath?.setAttribute('d', means)
    setAttribute(this.#chart, 'aria-label', `Event loop delay of the last ${span}: ${text}`)
    this.#delay.set(shortText)
    this.#scale.set(formatDuration(scale))
    this.#from.set(`${span} ago`)
  }
}
