/**
 * Reports of a test run, in a folder that is gone when the test is.
 *
 * @module
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

/** A title, and how the test ended. */
export type Result = readonly [title: string, status: string]

/** Where the reports say that the tests are. */
export const TEST_FILE = 'packages/strand/test/index.test.ts'

/** Writes a report for each Node, as vitest does, for a workspace at `root`. */
export function reportFolder(root: string, nodes: Readonly<Record<string, readonly Result[]>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'sennit-conformance-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  for (const [node, results] of Object.entries(nodes)) {
    const assertionResults = results.map(([title, status]) => ({ title, fullName: `group ${title}`, status }))
    const testResults = [{ name: join(root, TEST_FILE), status: 'passed', assertionResults }]
    writeFileSync(join(folder, `strand.${node}.json`), JSON.stringify({ testResults }))
  }
  return folder
}
