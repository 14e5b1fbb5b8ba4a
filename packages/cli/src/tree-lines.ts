/**
 * A tree as lines of text: what it is called, what it is, how it is, what there is to know about it, each in its column.
 *
 * @module
 */
import type { Seconds } from '@sennit/interfaces'
import type { Color, Paint } from './paint.ts'
import { durationText, factText } from './quantities.ts'
import type { TreeNode } from './tree-node.ts'
import { visible } from './visible.ts'
import { padded, widthOf } from './width.ts'

/** How a tree is shown. */
export interface TreeStyle {
  readonly paint: Paint
  /** How long a line may be; `undefined` for as long as it likes. */
  readonly width: number | undefined
  /** What is called now, in seconds since 1970. */
  readonly now: Seconds
}

/** Facts begin at this column at the latest, and have at least so much room. */
const ROOM = 24

const GAP = '  '

const COLORS: Readonly<Record<string, Color>> = {
  running: 'green',
  failed: 'red',
  starting: 'yellow',
  stopping: 'yellow',
}

interface Row {
  readonly node: TreeNode
  /** What stands before the label, and before what follows on the next lines. */
  readonly lead: string
  readonly indent: string
  readonly cells: readonly string[]
}

/** The lines, without ends. */
export function treeLines(root: TreeNode, style: TreeStyle): string[] {
  const rows = rowsOf(root, style.now)
  const columns = Math.max(...rows.map(({ cells }) => cells.length))
  const widths = Array.from({ length: columns }, (_, i) =>
    rows.reduce((widest, { cells }) => Math.max(widest, widthOf(cells[i] ?? '')), 0),
  )
  return rows.flatMap((row) => linesOf(row, widths, style))
}

/** The rows from above to below. */
function rowsOf(root: TreeNode, now: Seconds): Row[] {
  const rows: Row[] = []
  const work: { node: TreeNode; lead: string; indent: string }[] = [{ node: root, lead: '', indent: '' }]
  for (let next = work.pop(); next !== undefined; next = work.pop()) {
    const { node, lead, indent } = next
    rows.push({
      node,
      lead,
      indent: node.children.length > 0 ? `${indent}│  ` : `${indent}   `,
      cells: cellsOf(node, lead, now),
    })
    for (let i = node.children.length - 1; i >= 0; i--) {
      const last = i === node.children.length - 1
      work.push({
        node: node.children[i]!,
        lead: `${indent}${last ? '└─ ' : '├─ '}`,
        indent: `${indent}${last ? '   ' : '│  '}`,
      })
    }
  }
  return rows
}

function cellsOf({ label, kind, state, since }: TreeNode, lead: string, now: Seconds): string[] {
  const cells = [`${lead}${visible(label)}`, visible(kind)]
  if (state === undefined) return cells
  return [...cells, visible(state), since === undefined ? '' : durationText(Math.max(0, now - since))]
}

function linesOf(
  { node, indent, cells }: Row,
  widths: readonly number[],
  { paint, width, now }: TreeStyle,
): string[] {
  const colors: (Color | undefined)[] = ['bold', 'dim', COLORS[node.state ?? ''] ?? 'dim', undefined]
  const columns = cells.map((cell, i) => {
    const text = padded(cell, widths[i]!)
    const color = colors[i]
    return color === undefined ? text : paint(color, text)
  })
  const first = columns.join(GAP)
  const used = widths.reduce((sum, each) => sum + each + GAP.length, 0)
  const details = detailsOf(node, paint, now)
  const room = width === undefined ? Infinity : width - used
  const beneath = room < ROOM
  const chunks = wrapped(details, beneath ? width! - widthOf(indent) - GAP.length : room)
  const below = beneath ? `${indent}${GAP}` : padded(indent, used)
  const lines = beneath
    ? [first, ...chunks.map((chunk) => below + chunk)]
    : [`${first}${GAP}${chunks[0] ?? ''}`, ...chunks.slice(1).map((chunk) => below + chunk)]
  return lines.map((line) => line.trimEnd())
}

/** What is known, each with its width. */
function detailsOf(
  { facts, error }: TreeNode,
  paint: Paint,
  now: Seconds,
): { text: string; width: number }[] {
  const details = facts
    .filter(([, value]) => value !== null)
    .map(([name, value]) => {
      const [shown, text] = [visible(name), factText(name, value, now)]
      return { text: `${paint('dim', shown)} ${text}`, width: widthOf(`${shown} ${text}`) }
    })
  if (error === undefined) return details
  const text = `error: ${visible(error)}`
  return [...details, { text: paint('red', text), width: widthOf(text) }]
}

function wrapped(details: readonly { text: string; width: number }[], room: number): string[] {
  const lines: string[] = []
  let left = -1
  for (const { text, width } of details) {
    if (lines.length > 0 && width + GAP.length <= left) {
      lines[lines.length - 1] += `${GAP}${text}`
      left -= width + GAP.length
    } else {
      lines.push(text)
      left = room - width
    }
  }
  return lines
}
