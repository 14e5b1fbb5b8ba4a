/**
 * The status page: listens to `/events`, and shows each document.
 *
 * @module
 */
import { chartOf } from './chart.js'
import { formatAgo, formatBytes, formatCount, formatDuration } from './format.js'
import { Tree } from './tree.js'

/** @typedef {import('../src/index.ts').StatusDocument} StatusDocument */
/** @typedef {import('../src/index.ts').StatusNode} StatusNode */

const tree = new Tree(/** @type {HTMLUListElement} */ (element('tree')))

/**
 * The last document, and when it came.
 *
 * @type {{ status: StatusDocument, came: number } | undefined}
 */
let last
let lost = false

listen()
// What is counted down goes on between two documents, and while there are none.
setInterval(show, 1000)

element('find').addEventListener('input', () => {
  tree.seek(/** @type {HTMLInputElement} */ (element('find')).value)
  show()
})
element('open').addEventListener('click', () => tree.openAll(true))
element('close').addEventListener('click', () => tree.openAll(false))

function listen() {
  const events = new EventSource('events')
  events.addEventListener('message', ({ data }) => {
    last = { status: JSON.parse(data), came: performance.now() }
    lost = false
    show()
  })
  events.addEventListener('error', () => {
    lost = true
    show()
    // A browser gives up after an answer that is none: then it is up to us.
    if (events.readyState !== EventSource.CLOSED) return
    events.close()
    setTimeout(listen, 2000)
  })
}

function show() {
  const age = last === undefined ? 0 : (performance.now() - last.came) / 1000
  element('lost').hidden = !lost
  document.body.classList.toggle('stale', lost)
  setText('age', last === undefined ? 'not yet here' : formatDuration(Math.round(age)))
  if (last === undefined) return
  const { status } = last
  showHead(status)
  showProcess(status, status.time + age)
  showLoop(status)
  element('truncated').hidden = !status.truncated
  element('nothing').hidden = tree.show(status.tree, status.time + age, age)
}

/** @param {StatusDocument} status */
function showHead({ tree: root, ready }) {
  const name = root.name ?? root.kind
  const { all, failed } = countOf(root)
  setText('name', name)
  const badge = element('ready')
  badge.dataset['tone'] = lost ? 'plain' : ready ? 'good' : 'bad'
  setText('ready', lost ? 'unknown' : ready ? 'ready' : 'not ready')
  setText('counts', `${formatCount(all)} services${failed === 0 ? '' : `, ${formatCount(failed)} failed`}`)
  document.title = `${failed > 0 || !ready || lost ? '⚠ ' : ''}${name}`
}

/**
 * @param {StatusDocument} status
 * @param {number} now
 */
function showProcess({ process: { pid, node, platform, startedAt, cpu, memory } }, now) {
  const used = cpu.user + cpu.system
  const share = (used / Math.max(1, now - startedAt)) * 100
  /** @type {[string, string][]} */
  const facts = [
    ['process', String(pid)],
    ['started', formatAgo(startedAt, now)],
    ['CPU', `${formatDuration(used)} (${share.toFixed(share < 9.95 ? 1 : 0)} %)`],
    ['memory', formatBytes(memory.rss)],
    ['heap', `${formatBytes(memory.heapUsed)} of ${formatBytes(memory.heapTotal)}`],
    ['Node', `${node.replace(/^v/, '')}, ${platform}`],
  ]
  const list = element('process')
  while (list.childElementCount < facts.length) {
    const pair = document.createElement('div')
    pair.append(document.createElement('dt'), document.createElement('dd'))
    list.append(pair)
  }
  facts.forEach((texts, at) => {
    texts.forEach((text, which) => {
      const place = list.children[at]?.children[which]
      if (place !== undefined && place.textContent !== text) place.textContent = text
    })
  })
}

/** @param {StatusDocument} status */
function showLoop({ eventLoop: { history, interval } }) {
  const { mean, max, scale, text } = chartOf(history)
  const chart = element('chart')
  chart.querySelector('.mean')?.setAttribute('d', mean)
  chart.querySelector('.max')?.setAttribute('d', max)
  chart.setAttribute('aria-label', `Event loop delay of the last ${formatDuration(120 * interval)}: ${text}`)
  setText('delay', text)
  setText('scale', `to ${formatDuration(scale)}`)
  setText('from', `${formatDuration(120 * interval)} ago`)
}

/** @param {StatusNode} root */
function countOf(root) {
  let all = 0
  let failed = 0
  const work = [root]
  for (let node = work.pop(); node !== undefined; node = work.pop()) {
    if (node.kind === 'CooperativeTask') continue
    all++
    if (node.state === 'failed') failed++
    work.push(...node.children)
  }
  return { all, failed }
}

/**
 * @param {string} id
 * @param {string} text
 */
function setText(id, text) {
  const place = element(id)
  if (place.textContent !== text) place.textContent = text
}

/**
 * @param {string} id
 * @returns {HTMLElement}
 */
function element(id) {
  const found = document.getElementById(id)
  if (found === null) throw new Error(`There is no #${id}`)
  return found
}
