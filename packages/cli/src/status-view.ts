/**
 * A status document, as a person reads it.
 *
 * A document comes from elsewhere: nothing in it is taken for what it should be, and no control character of it reaches a terminal.
 *
 * @module
 */
import type { Fact, Seconds } from '@sennit/interfaces'
import type { Paint } from './paint.ts'
import { bytesText, durationText } from './quantities.ts'
import { treeLines } from './tree-lines.ts'
import type { TreeNode } from './tree-node.ts'
import { visible } from './visible.ts'

/** The form of the documents that are known here. */
const FORMAT = 1

type Unknown = Readonly<Record<string, unknown>>

/** No page of Sennit shows more. */
const MOST_NODES = 10_000
const MOST_DEPTH = 200
const MOST_FACTS = 100

const GAP = '  '

/** A document that has been looked at. */
export interface StatusView {
  readonly time: Seconds
  readonly ready: boolean
  readonly truncated: boolean
  readonly process: Unknown
  /** The last interval of the event loop's delays. */
  readonly delays: Unknown
  readonly tree: TreeNode
}

/**
 * Reads a document.
 *
 * @throws TypeError when it is none, or of another form
 */
export function readDocument(json: string): StatusView {
  const document = objectOf(JSON.parse(json))
  if (document['format'] !== FORMAT) {
    const got =
      document['format'] === undefined ? 'no document at all' : `of form ${String(document['format'])}`
    throw new TypeError(`it is ${got}, this command reads form ${FORMAT}`)
  }
  const history = objectOf(document['eventLoop'])['history']
  const { tree, cut } = treeOf(document['tree'])
  return {
    time: numberOf(document['time']) ?? 0,
    ready: document['ready'] === true,
    truncated: cut || document['truncated'] === true,
    process: objectOf(document['process']),
    delays: objectOf(Array.isArray(history) ? history.at(-1) : undefined),
    tree,
  }
}

/** The lines in which a document is shown, without ends. */
export function statusLines(view: StatusView, paint: Paint, width?: number): string[] {
  const { ready, tree, truncated, time } = view
  const readiness = ready ? paint('green', 'ready') : paint('yellow', 'not ready')
  const lines = [
    `${readiness}${GAP}${processText(view)}`,
    '',
    ...treeLines(tree, { paint, width, now: time }),
  ]
  return truncated ? [...lines, paint('yellow', '… and more than can be shown')] : lines
}

function processText({ process, delays, time }: StatusView): string {
  const { pid, node, platform, startedAt, cpu, memory } = process
  const { user, system } = objectOf(cpu)
  const started = numberOf(startedAt)
  const rss = numberOf(objectOf(memory)['rss'])
  const p99 = numberOf(delays['p99'])
  const parts = [
    `pid ${String(pid)}`,
    started !== undefined && `up ${durationText(Math.max(0, time - started))}`,
    `cpu ${durationText((numberOf(user) ?? 0) + (numberOf(system) ?? 0))}`,
    rss !== undefined && `memory ${bytesText(rss)}`,
    p99 !== undefined && `loop delay ${durationText(p99)}`,
    `node ${String(node)}`,
    String(platform),
  ]
  return parts
    .filter((part) => part !== false)
    .map((part) => visible(part))
    .join(GAP)
}

/** @returns the tree as far as it is within the limits, and whether it is more */
function treeOf(root: unknown): { tree: TreeNode; cut: boolean } {
  const top = { node: nodeOf(root), value: root, depth: 0 }
  const work = [top]
  let left = MOST_NODES
  let cut = false
  for (let next = work.pop(); next !== undefined; next = work.pop()) {
    const { children } = objectOf(next.value)
    for (const value of Array.isArray(children) ? (children as unknown[]) : []) {
      if (next.depth === MOST_DEPTH || --left <= 0) {
        cut = true
        break
      }
      const child = { node: nodeOf(value), value, depth: next.depth + 1 }
      next.node.children.push(child.node)
      work.push(child)
    }
  }
  return { tree: top.node, cut }
}

function nodeOf(value: unknown): TreeNode & { readonly children: TreeNode[] } {
  const { name, kind, state, since, error, facts } = objectOf(value)
  return {
    label: String(name ?? kind),
    kind: String(kind),
    state: String(state),
    since: numberOf(since),
    error: typeof error === 'string' ? error : undefined,
    facts: Object.entries(objectOf(facts)).filter(isFact).slice(0, MOST_FACTS),
    children: [],
  }
}

function isFact(entry: [string, unknown]): entry is [string, Fact] {
  return entry[1] === null || typeof entry[1] !== 'object'
}

function objectOf(value: unknown): Unknown {
  return typeof value === 'object' && value !== null ? (value as Unknown) : {}
}

function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined
}
