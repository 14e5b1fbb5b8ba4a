/**
 * What is known of services before their start, and what is wrong with them.
 *
 * @module
 */
import type { Description, Fact, IDeadlines, IInspectable, IProcess, IService } from '@sennit/interfaces'
import { hasRole } from '@sennit/runtime'
import { asError } from '@sennit/runtime/internal'
import type { TreeNode } from './tree-node.ts'

/** What a service may say of itself beyond its role. */
type Known = IService & Partial<IDeadlines & IProcess & Iterable<IService>> & { readonly path?: string }

/** A service, what it says about itself, and where it is. */
interface Place {
  readonly service: Known | undefined
  readonly description: Description
  readonly above: string | undefined
}

interface Open extends TreeNode {
  readonly children: TreeNode[]
}

/**
 * Describes services that are not started.
 *
 * @param problems - is given what is wrong with them
 */
export function idleTree(root: IService, problems: string[]): TreeNode {
  const top: Place = { service: root, description: describe(root), above: undefined }
  const tree = nodeOf(top)
  const places = new Map<string, string>()
  const work: [Place, Open][] = [[top, tree]]
  for (const [place, into] of work) {
    const path = place.above === undefined ? into.label : `${place.above}/${into.label}`
    problems.push(...problemsOf(place.description, path))
    const endpoint = listensAt(place)
    const other = endpoint === undefined ? undefined : places.get(endpoint)
    if (endpoint !== undefined) places.set(endpoint, other ?? path)
    if (other !== undefined) problems.push(`${other} and ${path} cannot both listen at ${endpoint}`)
    for (const child of childrenOf(place, path)) {
      const node = nodeOf(child)
      into.children.push(node)
      work.push([child, node])
    }
  }
  return tree
}

function nodeOf({ service, description, above }: Place): Open {
  const { kind, name, error, facts } = description
  return {
    label: name ?? tailOf(service?.path, above) ?? kind,
    kind,
    error,
    facts: [...Object.entries(facts), ...optionsOf(service)],
    children: [],
  }
}

/** The services of a collection; what else a service tells of itself, such as tasks, as it tells it. */
function childrenOf({ service, description }: Place, path: string): Place[] {
  const services = typeof service?.[Symbol.iterator] === 'function' ? [...(service as Iterable<Known>)] : []
  if (description.children.length === 0) {
    return services.map((each) => ({ service: each, description: describe(each), above: path }))
  }
  return description.children.map((each, i) => ({
    service: services[i]?.constructor.name === each.kind ? services[i] : undefined,
    description: each,
    above: path,
  }))
}

function describe(service: IService): Description {
  const facts = {}
  const plain = {
    kind: service.constructor.name,
    name: service.name,
    state: 'idle',
    since: undefined,
    facts,
    children: [],
  }
  try {
    return hasRole<IInspectable>(service, ['describe']) ? service.describe() : { ...plain, error: undefined }
  } catch (thrown) {
    return { ...plain, error: asError(thrown).message }
  }
}

/** What an unnamed service is called in paths, such as its endpoint. */
function tailOf(path: string | undefined, above: string | undefined): string | undefined {
  if (above === undefined || !path?.startsWith(`${above}/`)) return undefined
  return path.slice(above.length + 1)
}

function optionsOf(service: Known | undefined): [string, Fact][] {
  if (service === undefined) return []
  const { startTimeout, stopTimeout, uid, gid, processName } = service
  const options = { startTimeout, stopTimeout, uid, gid, processName }
  return Object.entries(options).filter((entry): entry is [string, string | number] => entry[1] !== undefined)
}

/** The place that only one service can listen at. */
function listensAt({ service, description }: Place): string | undefined {
  const { endpoint } = description.facts
  const listens = typeof (service as { getHost?: unknown } | undefined)?.getHost === 'function'
  // Port 0 is another one for everybody.
  return listens && typeof endpoint === 'string' && !/^\w+:0(?!\d)/.test(endpoint) ? endpoint : undefined
}

function problemsOf({ state, error, children }: Description, path: string): string[] {
  const problems: string[] = []
  if (error !== undefined) problems.push(`${path} cannot be described: ${error}`)
  if (state !== 'idle') problems.push(`${path} is ${state} before anything was started`)
  const seen = new Set<string>()
  for (const { name } of children) {
    if (name === undefined) continue
    if (seen.has(name)) problems.push(`${path} has several services named '${name}'`)
    seen.add(name)
  }
  return problems
}
