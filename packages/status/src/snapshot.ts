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
}

/** What of a tree is shown by the status page. */
export const LIMITS: SnapshotLimits = { nodes: 5000, depth: 100, facts: 50, text: 500 }

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
  const paths = new Set<string>()
  const copy = (description: Description, above: string | undefined): Open => {
    const { kind, name, state, since, error } = description
    const own = clip(name ?? kind, limits.text)
    return {
      path: free(clip(above === undefined ? own : `${above}/${own}`, limits.text), paths),
      kind: clip(kind, limits.text),
      name: name === undefined ? null : clip(name, limits.text),
      state: clip(state, limits.text),
      since: finite(since),
      error: error === undefined ? null : clip(error, limits.text),
      facts: copyFacts(description.facts, limits),
      children: [],
    }
  }
  const top = describe(root)
  const tree = copy(top, undefined)
  let left = limits.nodes - 1
  let truncated = false
  // Level by level: what is left out of a tree that is too large is what lies deepest.
  let level: [Description, Open][] = [[top, tree]]
  for (let depth = 1; level.length > 0; depth++) {
    const below: [Description, Open][] = []
    for (const [description, into] of level) {
      for (const child of description.children) {
        if (left === 0 || depth >= limits.depth) {
          truncated = true
          break
        }
        left--
        const node = copy(child, into.path)
        into.children.push(node)
        below.push([child, node])
      }
    }
    level = below
  }
  return { tree, truncated }
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
  return {
    kind: service.constructor?.name ?? 'Service',
    name,
    state,
    since: undefined,
    error,
    facts: {},
    children: [],
  }
}

function copyFacts(facts: Readonly<Record<string, Fact>>, limits: SnapshotLimits): Record<string, Fact> {
  const kept = Object.entries(facts).slice(0, limits.facts)
  return Object.fromEntries(
    kept.map(([name, value]) => {
      if (typeof value === 'number') return [clip(name, limits.text), finite(value)]
      return [clip(name, limits.text), typeof value === 'string' ? clip(value, limits.text) : value]
    }),
  )
}

/** A path that no other node has: siblings may have the same name, and a name may have slashes. */
function free(path: string, taken: Set<string>): string {
  let result = path
  for (let copy = 2; taken.has(result); copy++) result = `${path}~${copy}`
  taken.add(result)
  return result
}

function clip(text: string, length: number): string {
  const string = String(text)
  return string.length <= length ? string : `${string.slice(0, length - 1)}…`
}

function finite(value: number | undefined): number | null {
  return value !== undefined && Number.isFinite(value) ? value : null
}
