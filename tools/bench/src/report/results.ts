/**
 * The results that are kept: of each comparison the last that were saved.
 *
 * @module
 */
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Summary } from './summary.ts'

const FILE = join(import.meta.dirname, '../../results.json')
const OXFMT = join(import.meta.dirname, '../../../../node_modules/.bin/oxfmt')

export function savedResults(): readonly Summary[] {
  return existsSync(FILE) ? (JSON.parse(readFileSync(FILE, 'utf8')) as Summary[]) : []
}

/** Keeps these instead of older ones of the same names, in the order of all names. */
export function saveResults(fresh: readonly Summary[], names: readonly string[]): void {
  const all = new Map([...savedResults(), ...fresh].map((summary) => [summary.name, summary]))
  const kept = names.flatMap((name) => all.get(name) ?? [])
  const rounded = (_key: string, value: unknown) =>
    typeof value === 'number' ? Number(value.toPrecision(6)) : value
  writeFileSync(FILE, JSON.stringify(kept, rounded))
  // As the check of the workspace's format wants it.
  execFileSync(OXFMT, [FILE], { stdio: ['ignore', 'ignore', 'inherit'] })
}
