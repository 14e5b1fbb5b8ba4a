/**
 * What a new package will be, or why it cannot be.
 *
 * @module
 */
import { Script } from 'node:vm'
import type { Fault } from '../fault.ts'
import { tableFaults, type Row, type Table } from '../layer-table.ts'
import { SCOPE, type Member } from '../workspace.ts'

/** What was asked for. */
export interface Request {
  /** The name without the scope. */
  readonly short: string
  /** @defaultValue one above the highest of `uses` */
  readonly layer?: number | undefined
  /** @defaultValue `['interfaces', 'runtime']` */
  readonly uses?: readonly string[] | undefined
  /** What the package is, in one line. */
  readonly about?: string | undefined
}

/** A package that can be made. */
export interface NewPackage {
  readonly short: string
  readonly name: string
  readonly folder: string
  /** What its first source exports: `rateLimit`. */
  readonly factory: string
  readonly about: string
  readonly row: Row
  /** Those of `uses` that the first source imports. */
  readonly dependencies: readonly string[]
}

const WELL_FORMED = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/
const LONGEST = 60
/** What the first source imports when it may: its own export cannot have such a name. */
const IMPORTED = ['deferLater', 'systemClock']

/** Either the package, or what is wrong with what was asked for. */
export function plan(
  { short, layer: wanted, uses = ['interfaces', 'runtime'], about }: Request,
  table: Table,
  all: readonly Member[],
): { readonly made?: NewPackage; readonly faults: readonly Fault[] } {
  const layer = wanted ?? 1 + Math.max(-1, ...uses.map((used) => table[used]?.layer ?? -1))
  const row = { layer, uses: [...new Set(uses)] }
  const faults = [
    ...nameFaults(short, table, all),
    ...layerFaults(layer),
    ...aboutFaults(about),
    ...tableFaults({ ...table, [short]: row }, all).filter(({ wrong }) => wrong.startsWith(`'${short}' (`)),
  ]
  if (faults.length > 0) return { faults }
  const timed = row.uses.includes('interfaces') && row.uses.includes('runtime')
  const made = {
    short,
    name: SCOPE + short,
    folder: `packages/${short}`,
    factory: factoryOf(short),
    about: about ?? `What ${short} is, in one line.`,
    row,
    dependencies: timed ? ['interfaces', 'runtime'] : [],
  }
  return { made, faults }
}

function nameFaults(short: string, table: Table, all: readonly Member[]): Fault[] {
  const fault = (wrong: string, mend: string): Fault[] => [{ file: `packages/${short}`, wrong, mend }]
  if (!WELL_FORMED.test(short) || short.length > LONGEST) {
    const mend = `take words of small letters and digits with hyphens between, such as rate-limit.`
    return fault(`the name '${short}' is malformed`, mend)
  }
  const factory = factoryOf(short)
  if (!isIdentifier(factory) || IMPORTED.includes(factory)) {
    return fault(`the name '${short}' is malformed: nothing can be called ${factory}`, 'take another word.')
  }
  const owner = all.find(({ folder, name }) => folder === `packages/${short}` || name === SCOPE + short)
  if (owner) return fault(`the name '${short}' is taken by ${owner.folder}`, 'take another name.')
  if (Object.hasOwn(table, short)) {
    return fault(
      `the name '${short}' is taken by a row of the layer table`,
      'take another name, or that row out.',
    )
  }
  return []
}

function layerFaults(layer: number): Fault[] {
  if (Number.isInteger(layer) && layer >= 0) return []
  const mend = 'give 0, or one more than the highest layer of what it uses.'
  return [{ file: 'layer', wrong: `'--layer' must be a whole number, 0 or more, got ${layer}`, mend }]
}

function aboutFaults(about: string | undefined): Fault[] {
  if (about === undefined || /^[^\n|]+$/.test(about)) return []
  return [{ file: 'about', wrong: `'--about' must be one line without '|'`, mend: 'say it in one sentence.' }]
}

function factoryOf(short: string): string {
  return short.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase())
}

/** Whether a strict module can declare something by this name. */
function isIdentifier(name: string): boolean {
  try {
    void new Script(`'use strict'; async () => { let ${name} }`)
    return true
  } catch {
    return false
  }
}
