/**
 * The status page: listens to `/events`, and shows each document.
 *
 * @module
 */
import { byId, wordsIn } from './dom.js'
import { Feed } from './feed.js'
import { FeedView } from './feed-view.js'
import { countsOf, isSeeking, outlineOf } from './outline.js'
import { Overview } from './overview.js'
import { ServiceTable } from './service-table.js'
import { visible } from './visible.js'

/** @typedef {import('../src/index.ts').StatusDocument} StatusDocument */
/** @typedef {import('../src/index.ts').StatusNode} StatusNode */

/** The form of the documents that are known here. */
const FORMAT = 1

/** The page is drawn so often while no document comes, in milliseconds: what is counted goes on. */
const TICK = 1000

const find = byId('find', HTMLInputElement)
const troubled = byId('troubled', HTMLButtonElement)
const troubles = wordsIn('troubles')
const overview = new Overview()
const feedView = new FeedView()
const table = new ServiceTable(byId('rows', HTMLElement), setOpened)

/** What somebody has opened and closed, by path. */
const opened = new Map()
/** The same while something is sought: forgotten with what is sought. */
const openedInSearch = new Map()

/** How old the document was when it was last known to be so, in seconds: what is stale does not go on. */
let lastAge = 0
let isScheduled = false

const feed = new Feed({
  open: () => /** @type {import('./feed.js').Stream} */ (new EventSource('events')),
  now: () => performance.now() / 1000,
  changed: () => {
    setTitle()
    schedule()
  },
})

setInterval(() => {
  feed.tick()
  if (feed.age * 1000 >= TICK) schedule()
}, TICK)

find.addEventListener('input', seek)
troubled.addEventListener('click', () => {
  troubled.ariaPressed = String(troubled.ariaPressed !== 'true')
  seek()
})
byId('open', HTMLButtonElement).addEventListener('click', () => setAllOpened(true))
byId('close', HTMLButtonElement).addEventListener('click', () => setAllOpened(false))
document.addEventListener('keydown', (event) => {
  if (event.target !== find && event.key === '/') {
    event.preventDefault()
    find.select()
  } else if (event.target === find && event.key === 'Escape') {
    find.value = ''
    seek()
  }
})

/** The document, unless it is of a form that is not known here. */
function known() {
  return feed.document?.format === FORMAT ? feed.document : undefined
}

function sought() {
  return { words: find.value, troubled: troubled.ariaPressed === 'true' }
}

function seek() {
  openedInSearch.clear()
  show()
}

/**
 * @param {readonly string[]} paths
 * @param {boolean} open
 */
function setOpened(paths, open) {
  const places = isSeeking(sought()) ? openedInSearch : opened
  for (const path of paths) places.set(path, open)
  show()
}

/** @param {boolean} open */
function setAllOpened(open) {
  const root = known()?.tree
  /** @type {string[]} */
  const paths = []
  /** @type {StatusNode[]} */
  const work = root === undefined ? [] : [root]
  for (let node = work.pop(); node !== undefined; node = work.pop()) {
    // The root alone would be no tree.
    if (node.children.length > 0 && (open || node !== root)) paths.push(node.path)
    work.push(...node.children)
  }
  setOpened(paths, open)
}

/** A page that nobody sees is not drawn: then there are no frames. */
function schedule() {
  if (isScheduled) return
  isScheduled = true
  requestAnimationFrame(() => {
    isScheduled = false
    show()
  })
}

function show() {
  const status = known()
  feedView.show(feed, status !== feed.document)
  if (status === undefined) return
  if (feed.state === 'live') lastAge = feed.age
  const now = status.time + lastAge
  const counts = countsOf(status.tree)
  overview.show(status, counts, feed.state === 'live', now)
  const entries = outlineOf(status.tree, sought(), isSeeking(sought()) ? openedInSearch : opened)
  table.show(entries, now, lastAge)
  troubles.set(String(counts.failed + counts.warned))
  byId('nothing', HTMLElement).hidden = entries.length > 0
  byId('truncated', HTMLElement).hidden = !status.truncated
  byId('content', HTMLElement).hidden = false
}

/** It tells those who look at another page. */
function setTitle() {
  const status = known()
  if (status === undefined) return
  const word = wordOf(status)
  const name = visible(status.tree.name ?? status.tree.kind)
  document.title = word === '' ? name : `${word} · ${name}`
}

/** @param {StatusDocument} status */
function wordOf({ ready, tree }) {
  if (feed.state !== 'live') return feed.state
  if (!ready) return 'not ready'
  const { failed } = countsOf(tree)
  return failed > 0 ? `${failed} failed` : ''
}
