/**
 * Descriptions of a tree of services of any depth.
 *
 * @module
 */
import type { Description, Fact, IInspectable } from '@sennit/interfaces'
import { hasRole } from '@sennit/runtime'
import { asError } from '@sennit/runtime/internal'
import type { Lifecycle } from './lifecycle.ts'

const NO_FACTS = {}

type Facts = Readonly<Record<string, Fact>>
type Open = Omit<Description, 'children'> & { readonly children: Description[] }

/**
 * Describes a service and all below it.
 *
 * @param plain - the method of those that have no description of their own
 */
export function describeTree(root: Lifecycle, plain: IInspectable['describe']): Description {
  const top = describeOne(root)
  const work: [Lifecycle, Open][] = [[root, top]]
  for (let next = work.pop(); next !== undefined; next = work.pop()) {
    const [life, into] = next
    for (let child = life.children?.first; child !== undefined; child = child.next) {
      const { service } = child
      if (hasRole<IInspectable>(service, ['describe']) && service.describe !== plain) {
        into.children.push(describeItself(service, child))
        continue
      }
      const description = describeOne(child)
      into.children.push(description)
      if (child.children !== undefined) work.push([child, description])
    }
  }
  return top
}

/** What a service says of itself; what is known of it when it throws. */
function describeItself(service: IInspectable, life: Lifecycle): Description {
  try {
    return service.describe()
  } catch (thrown) {
    return { ...describeOne(life), error: asError(thrown).message }
  }
}

function describeOne(life: Lifecycle): Open {
  const { target } = life
  let facts: Facts = NO_FACTS
  let error = life.lastError
  try {
    facts = (target as { facts?(): Facts }).facts?.() ?? NO_FACTS
  } catch (thrown) {
    error = asError(thrown)
  }
  return {
    kind: life.service.constructor.name,
    name: life.name,
    state: life.state,
    since: life.sinceWhen,
    error: error?.message,
    facts,
    children: [],
  }
}
