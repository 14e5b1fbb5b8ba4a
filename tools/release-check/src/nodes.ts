/**
 * Every Node that the packages support, from the registry; see `tools/nodes`.
 *
 * @module
 */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { packageManager } from '@sennit/checks/workspace'
import { command } from './command.ts'

/** A Node that can be run. */
export interface NodeProgram {
  readonly version: string
  readonly program: string
}

/** Installs them, unless they are there, and yields them from the oldest to the newest. */
export async function installNodes(root: string): Promise<NodeProgram[]> {
  const folder = join(root, 'tools/nodes')
  const args = [
    '-y',
    packageManager(root),
    'install',
    '--ignore-workspace',
    '--frozen-lockfile',
    '--prefer-offline',
  ]
  await command('npx', args, { cwd: folder, timeout: 300 })
  const { optionalDependencies } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    optionalDependencies: Readonly<Record<string, string>>
  }
  const nodes = Object.entries(optionalDependencies)
    .map(([name, specifier]) => {
      return {
        version: specifier.slice(specifier.lastIndexOf('@') + 1),
        program: join(folder, 'node_modules', name, 'bin/node'),
      }
    })
    .filter(({ program }) => existsSync(program))
  if (nodes.length === 0) throw new Error(`There is no Node for ${process.platform} ${process.arch}`)
  return nodes.sort((a, b) => Number.parseInt(a.version) - Number.parseInt(b.version))
}
