/**
 * The list of the original's behaviours, `behaviours.md`, with the scope that `scope.json` gives each.
 *
 * @module
 */
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

/** One behaviour of the original. */
export interface Behaviour {
  /** Two letters for its section, and its place there: `CS-25`. */
  readonly number: string
  readonly text: string
  /** The original does it badly: what has to be proven is the better form that the text names. */
  readonly weak: boolean
  /** The name of the rule by which it is out of scope. */
  readonly out?: string | undefined
}

/** The behaviours of one part of the original. */
export interface Section {
  readonly letters: string
  readonly title: string
  readonly behaviours: readonly Behaviour[]
  /** It is counted and shown, but what is missing there is not a fault yet. */
  readonly later: boolean
}

interface Scope {
  readonly later: readonly string[]
  readonly out: readonly {
    readonly rule: string
    readonly why: string
    readonly numbers: readonly string[]
  }[]
}

const HEAD = /^## ([A-Z]{2}) (.+)$/
const ITEM = /^- ([A-Z]{2}-\d+)( W)? (.+)$/

/** The folder of this tool, where the list and its scope are. */
export const HOME: string = resolve(import.meta.dirname, '..')

/** Reads the list of the folder `home`. @throws {Error} on a line that is not of the list's form. */
export function readBehaviours(home: string = HOME): Section[] {
  const scope = JSON.parse(readFileSync(join(home, 'scope.json'), 'utf8')) as Scope
  return parseBehaviours(readFileSync(join(home, 'behaviours.md'), 'utf8'), scope)
}

/**
 * Takes the text of the list apart: what stands before the first section is for people.
 *
 * @throws {Error} when a line has another form, a number is in the wrong section or there twice, or when `scope` names what is
 * not in the list.
 */
export function parseBehaviours(text: string, scope: Scope): Section[] {
  const rules = new Map(scope.out.flatMap(({ rule, numbers }) => numbers.map((number) => [number, rule])))
  const sections: { letters: string; title: string; later: boolean; behaviours: Behaviour[] }[] = []
  for (const line of text.slice(text.search(/^## /m)).split('\n')) {
    if (line === '') continue
    const [, letters, title] = HEAD.exec(line) ?? []
    if (letters && title) {
      sections.push({ letters, title, later: scope.later.includes(letters), behaviours: [] })
      continue
    }
    const [, number, weak, what] = ITEM.exec(line) ?? []
    const section = sections.at(-1)
    if (!number || !what || !section || !number.startsWith(section.letters)) {
      throw new Error(
        `Cannot read the list of behaviours: '${line}' is not of the form '- CS-25 text' in its section`,
      )
    }
    section.behaviours.push({ number, text: what, weak: weak !== undefined, out: rules.get(number) })
  }
  const numbers = sections.flatMap(({ behaviours }) => behaviours.map(({ number }) => number))
  const twice = numbers.find((number, index) => numbers.indexOf(number) !== index)
  if (twice) throw new Error(`Cannot read the list of behaviours: ${twice} is there twice`)
  const letters = sections.map((section) => section.letters)
  const strange = [...rules.keys(), ...scope.later].find((name) => ![...numbers, ...letters].includes(name))
  if (strange) throw new Error(`Cannot read the scope: ${strange} is not in the list of behaviours`)
  return sections
}
