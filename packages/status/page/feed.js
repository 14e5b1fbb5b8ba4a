/**
 * What comes from the process: documents, one after another, and whether more are to be expected.
 *
 * | state   | a document | the stream breaks       | nothing comes                |
 * |---------|------------|-------------------------|------------------------------|
 * | waiting | live       | lost                    | lost, asked anew             |
 * | live    | live       | lost                    | silent, then lost and anew   |
 * | silent  | live       | lost                    | lost, asked anew             |
 * | lost    | live       | lost                    | asked anew                   |
 *
 * A browser asks again by itself when a stream breaks, but not after an answer that was none, and it does not notice a peer that is gone
 * without a word.
 *
 * @module
 */

/** @typedef {import('../src/index.ts').StatusDocument} StatusDocument */
/** @typedef {'waiting' | 'live' | 'silent' | 'lost'} FeedState */

/**
 * What is used of an `EventSource`.
 *
 * @typedef {object} Stream
 * @property {number} readyState
 * @property {() => void} close
 * @property {(type: string, listener: (event: { data?: unknown }) => void) => void} addEventListener
 */

/**
 * @typedef {object} FeedOptions
 * @property {() => Stream} open
 * @property {() => number} now - seconds, of a clock that does not jump
 * @property {(feed: Feed) => void} changed - a document came, or the state is another one
 */

/** `EventSource.CLOSED`: it has given up. */
const CLOSED = 2

/** So long after an answer that was none is it asked again, in seconds. */
const RETRY = 3

/** So many intervals without a document, and so many seconds more, are silence. */
const MISSED = 3
const GRACE = 2

/** After so many seconds of silence it is asked anew, and again after so many. */
const PATIENCE = 10
const AGAIN = 15

/** Listens, and keeps the last document. */
export class Feed {
  #options
  /** @type {Stream | undefined} */
  #stream
  /** @type {FeedState} */
  #state = 'waiting'
  /** @type {StatusDocument | undefined} */
  #document
  /** When the last document came, or when the listening began. */
  #cameAt = 0
  /** When to ask anew. */
  #askAt = 0
  /** How long nothing comes before it is called silence. */
  #silence = GRACE

  /** @param {FeedOptions} options */
  constructor(options) {
    this.#options = options
    this.#cameAt = options.now()
    this.#ask()
  }

  get state() {
    return this.#state
  }

  get document() {
    return this.#document
  }

  /** How old the document is, in seconds. */
  get age() {
    return this.#options.now() - this.#cameAt
  }

  /** To be called every now and then: notices that nothing comes. */
  tick() {
    const now = this.#options.now()
    if (now >= this.#askAt) {
      this.#ask()
      this.#enter('lost')
    } else if (this.#state === 'live' && now - this.#cameAt > this.#silence) this.#enter('silent')
  }

  #ask() {
    this.#stream?.close()
    const stream = this.#options.open()
    this.#stream = stream
    this.#askAt = this.#options.now() + AGAIN
    stream.addEventListener('message', ({ data }) => {
      if (stream === this.#stream) this.#take(String(data))
    })
    stream.addEventListener('error', () => {
      if (stream === this.#stream) this.#broken(stream)
    })
  }

  /** @param {string} data */
  #take(data) {
    const now = this.#options.now()
    /** @type {StatusDocument} */
    const document = JSON.parse(data)
    this.#document = document
    this.#cameAt = now
    this.#silence = MISSED * document.interval + GRACE
    this.#askAt = now + this.#silence + PATIENCE
    this.#state = 'live'
    this.#options.changed(this)
  }

  /** @param {Stream} stream */
  #broken(stream) {
    if (stream.readyState === CLOSED) this.#askAt = this.#options.now() + RETRY
    this.#enter('lost')
  }

  /** @param {FeedState} state */
  #enter(state) {
    if (this.#state === state) return
    this.#state = state
    this.#options.changed(this)
  }
}
