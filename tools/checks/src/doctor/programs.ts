/**
 * Whether Node and pnpm are those of the workspace.
 *
 * @module
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { packageManager } from '../workspace.ts'
import type { Finding } from './finding.ts'

/** What is looked at. */
export interface Programs {
  /** @defaultValue the version that runs this */
  readonly node?: string
  /** What the package manager that started this says of itself. @defaultValue from the environment */
  readonly agent?: string | undefined
}

/** The Node must be of the major version that the workspace names, and pnpm, if it is what started this, exactly the one. */
export function programFindings(
  root: string,
  { node = process.versions.node, agent = process.env['npm_config_user_agent'] }: Programs = {},
): Finding[] {
  return [nodeFinding(root, node), ...pnpmFindings(root, agent)]
}

function nodeFinding(root: string, node: string): Finding {
  const text = readFileSync(join(root, 'pnpm-workspace.yaml'), 'utf8')
  const wanted = /^nodeVersion: *(\d+)/m.exec(text)?.[1]
  if (node.split('.')[0] === wanted) return { what: 'node', found: node }
  const mend = `npm run bootstrap, which brings Node along on Linux; elsewhere put Node ${wanted} on the path.`
  return { what: 'node', found: `${node}, but the workspace runs on ${wanted}`, mend }
}

function pnpmFindings(root: string, agent: string | undefined): Finding[] {
  const found = /^pnpm\/([^ ]+)/.exec(agent ?? '')?.[1]
  if (found === undefined) return []
  const wanted = packageManager(root)
  if (`pnpm@${found}` === wanted) return [{ what: 'pnpm', found }]
  return [
    {
      what: 'pnpm',
      found: `${found}, but the workspace takes ${wanted}`,
      mend: `alias pnpm='npx -y ${wanted}'`,
    },
  ]
}
