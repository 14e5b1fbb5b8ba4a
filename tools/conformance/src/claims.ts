/**
 * Which behaviours the tests claim, and how these tests ended, from the reports of a run.
 *
 * @module
 */
import { globSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { claimedNumbers } from './titles.ts'

/** A test whose title begins with numbers of behaviours. */
export interface Claim {
  readonly file: string
  readonly title: string
  readonly numbers: readonly string[]
  /** It passed, on each Node that ran it, and in each case of its table. */
  readonly passed: boolean
}

/** What the reports say about the list. */
export interface Claims {
  readonly claims: readonly Claim[]
  /** Titles that begin like a claim, and are none. */
  readonly malformed: readonly Pick<Claim, 'file' | 'title'>[]
  /** How many reports were read. */
  readonly reports: number
}

interface Report {
  readonly testResults?: readonly {
    readonly name: string
    readonly assertionResults: readonly TestResult[]
  }[]
}

interface TestResult {
  readonly title: string
  readonly fullName: string
  readonly status: string
}

/** Reads the reports in `folder`; files are told by their path from `root`. */
export function readClaims(root: string, folder: string): Claims {
  const claims = new Map<string, Claim>()
  const malformed = new Map<string, Pick<Claim, 'file' | 'title'>>()
  let reports = 0
  for (const name of globSync('*.json', { cwd: folder }).sort()) {
    const { testResults } = JSON.parse(readFileSync(join(folder, name), 'utf8')) as Report
    if (!testResults) continue
    reports++
    for (const { name: path, assertionResults } of testResults) {
      const file = relative(root, path)
      for (const { title, fullName, status } of assertionResults) {
        const key = `${file}\n${fullName}`
        const numbers = claimedNumbers(title)
        if (!numbers) malformed.set(key, { file, title })
        else if (numbers.length > 0) {
          const passed = status === 'passed' && (claims.get(key)?.passed ?? true)
          claims.set(key, { file, title, numbers, passed })
        }
      }
    }
  }
  return { claims: [...claims.values()], malformed: [...malformed.values()], reports }
}
