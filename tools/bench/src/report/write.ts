/**
 * Where the results are told: a page of the documentation with plots, and a table in the README.
 *
 * @module
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { barTable, isGrowth, NOTES_MARK, page, plotName, README_MARKS } from './page.ts'
import { plot } from './plot.ts'
import type { Summary } from './summary.ts'

const ROOT = join(import.meta.dirname, '../../../..')
const PAGE = 'tools/docs/performance.md'

/** @returns the text of each file that tells of the results, by its path from the root */
export function reports(results: readonly Summary[]): ReadonlyMap<string, string> {
  const [, notes = ''] = readFileSync(join(ROOT, PAGE), 'utf8').split(`${NOTES_MARK}\n`)
  const readme = readFileSync(join(ROOT, 'README.md'), 'utf8')
  const [begin, end] = README_MARKS
  const [before, after] = [readme.indexOf(begin), readme.indexOf(end)]
  if (before < 0 || after < before) throw new Error(`README.md has no ${begin} … ${end}`)
  const files = new Map([
    [PAGE, page(results, notes)],
    ['README.md', `${readme.slice(0, before + begin.length)}\n${barTable(results)}\n${readme.slice(after)}`],
  ])
  for (const summary of results.filter(isGrowth)) {
    files.set(`tools/docs/images/${plotName(summary)}`, plot(summary))
  }
  return files
}

export function writeReports(results: readonly Summary[]): void {
  for (const [file, text] of reports(results)) writeFileSync(join(ROOT, file), text)
}
