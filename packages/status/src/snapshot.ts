/**
 * A bounded copy of what a tree of services says about itself.
 *
 * Whatever is in there, a name of a megabyte, a hundred thousand children, a `describe()` that throws: what comes out can be written as JSON and
 * is never larger than the limits.
 *
 * @module
 */
import type { Description, Fact, IInspectable, IService } from '@sennit/interfaces'
import { hasRole } from '@sennit/runtime'
import { asError } from '@sennit/runtime/internal'
import type { StatusNode } from './status-document.ts'

/** How much of a tree is shown. */
export interface SnapshotLimits {
  readonly nodes: number
  readonly depth: number
  /** Facts of one node. */
  readonly facts: number
  /** Characters of one name, path, error or fact. */
  readonly text: number
  /** Characters of all of them: when there are so many, no more nodes are shown. */
  readonly texts: number
}

/** What of a tree is shown by the status page. */
export const LIMITS: SnapshotLimits = { nodes: 5000, depth: 100, facts: 50, text: 500, texts: 8e6 }

type Open = Omit<StatusNode, 'children'> & { readonly children: StatusNode[] }

/**
 * Copies what `root` says about itself and all below it.
 *
 * @returns `truncated` when nodes were left out
 */
export function snapshotOf(
  root: IService | IInspectable,
  limits: SnapshotLimits = LIMITS,
): { tree: StatusNode; truncated: boolean } {
  const paths = new Paths()
  const budget = { left: limits.texts }
  const copy = (description: Description, above: string | undefined): Open => {
    const text = (value: unknown): string => {
      const result = clip(value, limits.text)
      budget.left -= result.length
      return result
    }
    const { kind, name, state, since, error } = description
    const own = text(name ?? kind)
    return {
      path: paths.free(above === undefined ? own : text(`${above}/${own}`)),
      kind: text(kind),
      name: isNone(name) ? null : text(name),
      state: text(state),
      since: finite(since),
      error: isNone(error) ? null : text(error),
      facts: copyFacts(description.facts, limits.facts, text),
      children: [],
    }
  }
  /** What somebody else's `describe()` gives may be anything. */
  const tryCopy = (description: Description, above: string | undefined): Open => {
    try {
      return copy(description, above)
    } catch (thrown) {
      const error = `its description cannot be read: ${asError(thrown).message}`
      return copy({ ...NOTHING, state: 'unknown', error }, above)
    }
  }
  const top = describe(root)
  const tree = tryCopy(top, undefined)
  let left = limits.nodes - 1
  let truncated = false
  // Level by level: what is left out of a tree that is too large is what lies deepest.
  let level: [Description, Open][] = [[top, tree]]
  for (let depth = 1; level.length > 0; depth++) {
    const below: [Description, Open][] = []
    for (const [description, into] of level) {
      for (const child of childrenOf(description)) {
        if (left === 0 || depth >= limits.depth || budget.left <= 0) {
          truncated = true
          break
        }
        left--
        const node = tryCopy(child, into.path)
        into.children.push(node)
        below.push([child, node])
      }
    }
    level = below
  }
  return { tree, truncated }
}

const NOTHING: Description = {
  kind: 'Service',
  name: undefined,
  state: 'stopped',
  since: undefined,
  error: undefined,
  facts: {},
  children: [],
}

function describe(root: IService | IInspectable): Description {
  try {
    if (hasRole<IInspectable>(root, ['describe'])) return root.describe()
    return nothingKnown(root, undefined)
  } catch (thrown) {
    return nothingKnown(root as Partial<IService>, asError(thrown).message)
  }
}

/** What is known of a service that does not describe itself. */
function nothingKnown(service: Partial<IService>, error: string | undefined): Description {
  const { name, running } = service
  const state = running === true ? 'running' : 'stopped'
  return { ...NOTHING, kind: service.constructor?.name ?? NOTHING.kind, name, state, error }
}

function childrenOf(description: Description): readonly Description[] {
  try {
    return Array.isArray(description.children) ? description.children : []
  } catch {
    return []
  }
}

function copyFacts(
  facts: Readonly<Record<string, Fact>>,
  limit: number,
  text: (value: unknown) => string,
): Record<string, Fact> {
  const kept = Object.entries(facts ?? {}).slice(0, limit)
  return Object.fromEntries(
    kept.map(([name, value]) => {
      if (typeof value === 'number') return [text(name), finite(value)]
      if (typeof value === 'boolean' || isNone(value)) return [text(name), value ?? null]
      return [text(name), text(value)]
    }),
  )
}

/** Paths that no two nodes share: siblings may have the same name, and a name may have slashes. */
class Paths {
  /** Those that are taken, each with the number of its last copy. */
  readonly #taken = new Map<string, number>()

  free(path: string): string {
    const last = this.#taken.get(path)
    if (last === undefined) {
      this.#taken.set(path, 1)
      return path
    }
    let copy = last
    let result: string
    do result = `${path}~${++copy}`
    while (this.#taken.has(result))
    this.#taken.set(path, copy).set(result, 1)
    return result
  }
}

/** A text that is not too long, and has no half of a character: those would all become the same one when it is sent. */
function clip(value: unknown, length: number): string {
  const text = String(value)
  const short = text.length <= length ? text : `${text.slice(0, length - 1)}…`
  return short.replaceAll(/\p{Surrogate}/gu, '\u{fffd}')
}

function isNone(value: unknown): value is null | undefined {
  return value === undefined || value === null
}

function finite(value: number | undefined): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null
}
