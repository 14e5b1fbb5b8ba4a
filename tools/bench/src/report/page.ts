/**
 * The page of the documentation, and the table of the README.
 *
 * @module
 */
import type { Machine } from '../machine.ts'
import { shown, shownSpan } from './figure.ts'
import { shownBar, sideRows, SIDES_HEAD } from './rows.ts'
import type { Summary } from './summary.ts'

/** The mark that the table of the README stands between. */
export const README_MARKS = ['<!-- bench -->', '<!-- /bench -->'] as const

export function isGrowth({ name }: Summary): boolean {
  return name.startsWith('growth-')
}

export function plotName({ name }: Summary): string {
  return `${name}.svg`
}

/** @returns the table of all bars, for the README */
export function barTable(results: readonly Summary[]): string {
  const rows = results
    .filter((summary) => !isGrowth(summary))
    .flatMap((summary) =>
      summary.bars.map((bar) => [
        summary.title,
        bar.side,
        bar.by === 'value' ? '' : summary.sides[0]!.name,
        summary.quantities[bar.quantity]!.title,
        shownBar(summary, bar),
        `${shown(bar.median)} (${shownSpan(bar.interval)})`,
        bar.verdict,
      ]),
    )
  const head = ['what', 'of', 'beside', 'quantity', 'bar', 'median (95 %)', '']
  return `${markdownTable(head, rows)}\n\n${measuredOn(results)}`
}

/** What stands after it on the page is written by hand. */
export const NOTES_MARK = '<!-- What follows is written by hand. -->'

/** @returns the page with all that was measured, and the notes */
export function page(results: readonly Summary[], notes: string): string {
  const comparisons = results.filter((summary) => !isGrowth(summary))
  const growth = results.filter(isGrowth)
  return `# What it costs

Beside plain Node, beside what people use instead, and beside the original. [How it is measured](../bench/README.md) is told with the command.

${measuredOn(results)}

## Bars
What has to hold: the median of what the packages need of what the reference needs in the same round, or the difference, or the figure itself.

${barTable(results)}

## All figures
The reference comes first; \`to reference\` is the median of the ratios within a round, \`n\` the number of rounds.

${comparisons.map(section).join('\n\n')}

## By their number
Each is measured alone, after a warm-up; the vertical lines go from quartile to quartile. A heap is allowed the logarithm.

${growth.map((summary) => `![${summary.title}](images/${plotName(summary)})`).join('\n\n')}

${growth.map(section).join('\n\n')}

${NOTES_MARK}
${notes}`
}

function section(summary: Summary): string {
  return `### ${summary.title}\n\n${markdownTable(SIDES_HEAD, sideRows(summary))}`
}

/** Where and when: the newest, and what was measured elsewhere or on another day. */
function measuredOn(results: readonly Summary[]): string {
  const groups = Map.groupBy(results, ({ machine }) => describeMachine(machine))
  const [newest, ...others] = [...groups].toSorted(
    ([, a], [, b]) => b[0]!.machine.date.localeCompare(a[0]!.machine.date) || b.length - a.length,
  )
  if (newest === undefined) return 'Nothing was measured yet.'
  const elsewhere = others.map(
    ([where, some]) => `${some.map(({ title }) => `“${title}”`).join(', ')}: ${where}.`,
  )
  return [`Measured on ${newest[0]}: \`pnpm bench --save\`.`, ...elsewhere].join('\n\n')
}

function describeMachine({ date, node, processor, processors, system }: Machine): string {
  return `${date} with Node ${node}, ${processor}, ${processors} processors, ${system}`
}

function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}
