/**
 * Holds the workflows of the forge to the rules by which they cannot be turned against the packages: what they run is pinned by its hash,
 * what they may do is the least, and nobody holds a token.
 *
 * @module
 */
import { parse } from 'yaml'
import type { Fault } from './fault.ts'

interface Step {
  readonly uses?: string
  readonly with?: Readonly<Record<string, unknown>>
}

interface Job {
  readonly permissions?: Readonly<Record<string, string>>
  readonly steps?: readonly Step[]
  readonly 'timeout-minutes'?: number
}

interface Workflow {
  readonly permissions?: object
  readonly jobs: Readonly<Record<string, Job>>
}

const PINNED = /^[\w.-]+\/[\w./-]+@[0-9a-f]{40}$/

/** The only job that may ask for an identity: the one that publishes. */
const MAY_IDENTIFY = ['release.yml', 'publish']

/** @param name - of the file, such as `ci.yml` */
export function workflowFaults(name: string, text: string): Fault[] {
  const file = `.github/workflows/${name}`
  const faults: Fault[] = []
  const found = (wrong: string, mend: string): unknown => faults.push({ file, wrong, mend })
  const workflow = parse(text) as Workflow
  if (workflow.permissions === undefined || Object.keys(workflow.permissions).length > 0) {
    found(
      'a job may do by default more than nothing',
      `write 'permissions: {}' at the top, and what each job needs in it.`,
    )
  }
  if (text.includes('secrets.'))
    found('it uses a secret', 'let npm and the forge know the workflow by its identity.')
  for (const [job, { permissions, steps = [], 'timeout-minutes': timeout }] of Object.entries(
    workflow.jobs,
  )) {
    if (permissions === undefined) found(`'${job}' does not say what it may do`, `add 'permissions'.`)
    if (timeout === undefined) found(`'${job}' may take six hours`, `add 'timeout-minutes'.`)
    const mayIdentify = name === MAY_IDENTIFY[0] && job === MAY_IDENTIFY[1]
    if ((permissions?.['id-token'] === 'write') !== mayIdentify) {
      const mend = mayIdentify ? `add 'id-token: write'.` : `take 'id-token' out.`
      found(`'${job}' may ${mayIdentify ? 'not prove who it is' : 'publish as this project'}`, mend)
    }
    for (const { uses, with: settings } of steps) {
      if (uses === undefined) continue
      const line = text.split('\n').find((each) => each.includes(uses)) ?? ''
      if (!PINNED.test(uses))
        found(`'${uses}' can be replaced by others`, 'pin it by the hash of its commit.')
      else if (!/ # v\d+\.\d+\.\d+$/.test(line))
        found(`'${uses}' has no version that people can read`, 'add it behind a #.')
      if (uses.startsWith('actions/checkout@') && settings?.['persist-credentials'] !== false) {
        found(`'${job}' leaves its credentials in the checkout`, `add 'persist-credentials: false'.`)
      }
    }
  }
  return faults
}
