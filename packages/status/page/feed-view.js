/**
 * Whether what is seen is still so: the time of the last update, and a banner when there is none.
 *
 * @module
 */
import { byId, wordsIn } from './dom.js'
import { formatLongDuration } from './format.js'

/** @typedef {import('./feed.js').Feed} Feed */
/** @typedef {import('./feed.js').FeedState} FeedState */

/** @type {Readonly<Record<FeedState, string>>} */
const TROUBLES = {
  waiting: '',
  live: '',
  silent: 'The process is silent: it may be busy, or hang.',
  lost: 'The connection to the process is lost. Trying again …',
}

/** @type {Readonly<Record<FeedState, string>>} */
const WORDS = { waiting: 'connecting …', live: 'live', silent: 'last update', lost: 'last update' }

/** Shows it. */
export class FeedView {
  #banner = byId('banner', HTMLElement)
  #trouble = wordsIn('trouble')
  #age = wordsIn('age')
  #news = byId('news', HTMLElement)
  #word = wordsIn('word')
  #time = wordsIn('time')

  /**
   * @param {Feed} feed
   * @param {boolean} isForeign - whether its document is of another form than this page knows
   */
  show({ state, document: status, age }, isForeign) {
    const trouble = isForeign
      ? 'The process tells more than this page knows: load it again.'
      : TROUBLES[state]
    this.#banner.hidden = trouble === ''
    this.#trouble.set(trouble)
    this.#age.set(status === undefined || isForeign ? '' : `What you see is ${formatLongDuration(age)} old.`)
    document.body.classList.toggle('stale', state === 'silent' || state === 'lost')
    this.#news.dataset['state'] = state
    this.#word.set(WORDS[state])
    this.#time.set(status === undefined ? '' : new Date(status.time * 1000).toLocaleTimeString())
  }
}
